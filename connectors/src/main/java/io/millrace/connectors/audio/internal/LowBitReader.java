package io.millrace.connectors.audio.internal;

/** Reads numbers that are packed from the lowest bit of each byte on, as Vorbis packs them. */
final class LowBitReader {
    private final byte[] bytes;
    private long at;

    LowBitReader(byte[] bytes, int from) {
        this.bytes = bytes;
        at = from * 8L;
    }

    /**
     * The next number.
     *
     * @param bits its width, 0 to 32
     * @throws IllegalStateException if the bytes end before
     */
    long read(int bits) {
        if (at + bits > bytes.length * 8L) {
            throw new IllegalStateException("it ends at byte " + bytes.length + ", within a number");
        }
        long value = 0;
        for (int i = 0; i < bits; i++, at++) {
            value |= (long) (bytes[(int) (at >> 3)] >> (at & 7) & 1) << i;
        }
        return value;
    }

    int readInt(int bits) {
        return (int) read(bits);
    }

    void skip(long bits) {
        at += bits;
        read(0);
    }
}
