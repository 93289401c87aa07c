package io.millrace.connectors.flow;

/** A line of a flow log that cannot be read; the message says what is wrong with it. */
public final class MalformedLineException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedLineException(String reason) {
        super(reason, null, false, false);
    }
}
