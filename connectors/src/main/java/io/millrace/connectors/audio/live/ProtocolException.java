package io.millrace.connectors.audio.live;

/** What a client did wrong, in words for it, and the status that its connection is closed with (RFC 6455, 7.4). */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Data of a kind that is not expected here. */
    public static final int UNEXPECTED = 1003;
    /** Data that are not what they should be. */
    public static final int INVALID = 1007;
    /** Well-formed, but not allowed. */
    public static final int REFUSED = 1008;
    /** A message beyond the limit. */
    public static final int TOO_LARGE = 1009;

    private final int status;

    public ProtocolException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Status to close with. */
    public int status() {
        return status;
    }
}
