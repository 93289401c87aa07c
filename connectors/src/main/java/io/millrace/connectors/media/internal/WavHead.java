package io.millrace.connectors.media.internal;

/**
 * Notices where the header of a WAV file ends and its data begin, and how long they are said to be, as the bytes go by. The
 * library looks at 64 KiB of the data before it gives any, for which a pipe may need long, and says nothing of their length.
 */
final class WavHead {
    private static final int CHUNK_HEADER = 8;
    /** RIFF, the size, WAVE. */
    private static final int OUTER = 12;

    private final byte[] header = new byte[CHUNK_HEADER];
    private int filled;
    private long skipped = OUTER;
    private long dataBytes;
    private boolean ended;

    /** Takes note of the next bytes of the file. */
    void pass(byte[] bytes, int count) {
        for (int at = 0; at < count && !ended; ) {
            if (skipped > 0) {
                long step = Math.min(skipped, count - at);
                skipped -= step;
                at += (int) step;
            } else {
                header[filled++] = bytes[at++];
                if (filled == CHUNK_HEADER) {
                    chunk();
                }
            }
        }
    }

    private void chunk() {
        filled = 0;
        ended = header[0] == 'd' && header[1] == 'a' && header[2] == 't' && header[3] == 'a';
        long size = header[4] & 0xff | (header[5] & 0xff) << 8 | (header[6] & 0xff) << 16 | (header[7] & 0xffL) << 24;
        skipped = size + (size & 1);
        dataBytes = size;
    }

    /** How many bytes of data the header says there are; 0 if they have not begun. */
    long dataBytes() {
        return ended ? dataBytes : 0;
    }

    /** Whether the data have begun. */
    boolean ended() {
        return ended;
    }
}
