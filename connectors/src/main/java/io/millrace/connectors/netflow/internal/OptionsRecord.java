package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

/** What one record of an options template says that matters to flows: sampling, start of the exporter, applications. */
final class OptionsRecord {
    private static final int MAX_NAME = 64;

    private long sampling;
    private long systemInit = -1;
    private String applicationId;
    private String applicationName;

    void field(int enterprise, int element, ByteBuffer bytes, int offset, int length) {
        if (enterprise != 0) {
            return;
        }
        switch (element) {
            case 34, 50, 305 -> sampling = length <= 4 ? FieldText.unsigned(bytes, offset, length) : sampling;
            case 160 -> systemInit = length == 8 ? FieldText.unsigned(bytes, offset, length) : systemInit;
            case 95 -> applicationId = length <= 16 ? text(element, bytes, offset, length) : applicationId;
            case 96 -> applicationName = length <= MAX_NAME ? text(element, bytes, offset, length) : applicationName;
            default -> {}
        }
    }

    void applyTo(Domain domain) {
        if (sampling > 0) {
            domain.sampling(sampling);
        }
        if (systemInit >= 0 && systemInit < 7_258_118_400_000L) {
            domain.systemInit(systemInit);
        }
        if (applicationId != null && applicationName != null && !applicationName.isBlank()) {
            domain.application(applicationId, applicationName);
        }
    }

    private static String text(int element, ByteBuffer bytes, int offset, int length) {
        return FieldText.text(InformationElement.of(element), bytes, offset, length);
    }
}
