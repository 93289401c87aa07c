package io.millrace.connectors.media;

import java.io.IOException;

/** Sound or pictures that cannot be read: the message says what is wrong, and where if that is known. */
public final class MediaFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public MediaFormatException(String message) {
        super(message);
    }

    public MediaFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
