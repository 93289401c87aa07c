package io.millrace.connectors.audio;

import java.io.IOException;

/** Audio that cannot be read: the message says what is wrong and at which byte. */
public final class AudioFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public AudioFormatException(String message) {
        super(message);
    }

    public AudioFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
