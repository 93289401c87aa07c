package io.millrace.connectors.audio.live.internal;

/** Counts what a client has under way: full at the limit, and free again only at half of it, so as not to flutter. */
final class UnderWay {
    private final int limit;
    private long bytes;
    private boolean full;

    UnderWay(int limit) {
        this.limit = limit;
    }

    void sent(int count) {
        bytes += count;
        full |= bytes >= limit;
    }

    void delivered(int count) {
        bytes -= count;
        if (bytes <= limit / 2) {
            full = false;
        }
    }

    boolean full() {
        return full;
    }
}
