package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** What one record of an options template says that matters to flows: sampling, start of the exporter, applications. */
final class OptionsRecord {
    private static final int MAX_NAME = 64;

    private final RateFields rate = new RateFields();
    private final Map<Integer, Long> scope = new HashMap<>();
    private Long sequence;
    private Long selector;
    private long systemInit = -1;
    private String applicationId;
    private String applicationName;

    void field(Template.Field field, ByteBuffer bytes, int offset, int length) {
        if (field.enterprise() != 0) {
            return;
        }
        int element = field.element();
        if (field.scope()) {
            scope(element, bytes, offset, length);
        }
        if (length <= 8 && (element == 48 || element == Scope.SELECTOR)) {
            selector = FieldText.unsigned(bytes, offset, length);
        } else if (length <= 8 && element == Scope.SEQUENCE) {
            sequence = FieldText.unsigned(bytes, offset, length);
        }
        switch (element) {
            case 160 -> systemInit = length == 8 ? FieldText.unsigned(bytes, offset, length) : systemInit;
            case 95 -> applicationId = length <= 16 ? text(element, bytes, offset, length) : applicationId;
            case 96 -> applicationName = length <= MAX_NAME ? text(element, bytes, offset, length) : applicationName;
            default -> rate.accept(element, bytes, offset, length);
        }
    }

    private void scope(int element, ByteBuffer bytes, int offset, int length) {
        if (!Scope.isEverything(element) && length <= 8 && element != 95) {
            scope.put(Scope.canonical(element), FieldText.unsigned(bytes, offset, length));
        }
    }

    /** Tells the domain, or the one that the record names in its scope, what the record says. */
    void applyTo(Domain domain, Domains domains) {
        if (sequence != null && selector != null) {
            scope.remove(Scope.SEQUENCE);
        }
        double told = rate.rate();
        if (told != RateFields.UNKNOWN) {
            if (selector != null) {
                scope.put(Scope.SELECTOR, selector);
            }
            Domain target = target(domain, domains);
            domains.change(target, () -> target.sampling().announce(new Scope(scope), told));
        }
        domains.change(domain, () -> describe(domain));
    }

    private Domain target(Domain domain, Domains domains) {
        Long number = scope.remove(Scope.DOMAIN);
        boolean other = number != null && number != domain.number() && number >= 0 && number <= 0xffff_ffffL;
        return other ? domains.of(domain.key().source(), domain.key().version(), number) : domain;
    }

    private void describe(Domain domain) {
        if (sequence != null && selector != null) {
            domain.sampling().sequence(sequence, selector);
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
