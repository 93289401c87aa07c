package io.millrace.connectors.pcap;

import java.io.IOException;

/** A capture file whose bytes make no sense from some point on. */
public final class CaptureFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public CaptureFormatException(String message) {
        super(message);
    }
}
