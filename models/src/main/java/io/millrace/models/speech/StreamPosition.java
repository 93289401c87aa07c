package io.millrace.models.speech;

/**
 * How far a stream has been heard, as one number of its state: encoder frames, and from bit 48 on those since the
 * transducer's last token. Versions that did not count these left zeros there.
 */
final class StreamPosition {

    private static final int BITS = 48;
    private static final long FRAMES = (1L << BITS) - 1;

    private StreamPosition() {}

    static long of(long frames, int silent) {
        return frames | ((long) silent << BITS);
    }

    static long frames(long position) {
        return position & FRAMES;
    }

    static int silent(long position) {
        return (int) (position >>> BITS);
    }
}
