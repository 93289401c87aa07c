package io.millrace.connectors.audio.internal;

/** The checksum of Ogg pages: a CRC of 32 bits, highest bit first, from zero. */
final class OggChecksum {
    private static final int POLYNOMIAL = 0x04c1_1db7;
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int value = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                value = value << 1 ^ (value < 0 ? POLYNOMIAL : 0);
            }
            TABLE[i] = value;
        }
    }

    private OggChecksum() {}

    /** The checksum of the parts, one after the other. */
    static int of(byte[]... parts) {
        int value = 0;
        for (byte[] part : parts) {
            for (byte each : part) {
                value = value << 8 ^ TABLE[(value >>> 24 ^ each) & 0xff];
            }
        }
        return value;
    }
}
