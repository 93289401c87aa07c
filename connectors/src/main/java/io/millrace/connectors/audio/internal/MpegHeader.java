package io.millrace.connectors.audio.internal;

/**
 * The four bytes in front of an MPEG audio frame (ISO 11172-3 2.4.1.3, 13818-3; version 2.5 as its encoders agreed).
 *
 * @param bits the bytes, most significant first
 */
record MpegHeader(int bits) {
    static final int SIZE = 4;

    /** Bit rates in kbit/s by index: version 1 layers I, II, III, then version 2 layer I, layers II and III. */
    private static final int[][] KILOBITS = {
        {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
    };

    private static final int[] RATES = {44_100, 48_000, 32_000};
    /** Version, layer and sample rate: what stays the same in a stream. */
    private static final int SAME = 0xfffe_0c00;

    /** The header in these bytes; null if they are none. */
    static MpegHeader at(byte[] bytes, int at) {
        if (bytes.length - at < SIZE) {
            return null;
        }
        int bits = (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
        boolean sync = bits >>> 21 == 0x7ff;
        boolean reserved = (bits >> 19 & 3) == 1 || (bits >> 17 & 3) == 0 || (bits >> 10 & 3) == 3;
        int bitRate = bits >> 12 & 15;
        return sync && !reserved && bitRate != 0 && bitRate != 15 ? new MpegHeader(bits) : null;
    }

    /** Whether another header may follow this one in a stream. */
    boolean fits(MpegHeader next) {
        return ((bits ^ next.bits) & SAME) == 0 && channels() == next.channels();
    }

    boolean version1() {
        return (bits >> 19 & 3) == 3;
    }

    /** 1, 2 or 3. */
    int layer() {
        return 4 - (bits >> 17 & 3);
    }

    int channels() {
        return (bits >> 6 & 3) == 3 ? 1 : 2;
    }

    int sampleRate() {
        int version = bits >> 19 & 3;
        return RATES[bits >> 10 & 3] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    }

    /** Samples of each channel in the frame. */
    int samples() {
        return layer() == 1 ? 384 : layer() == 3 && !version1() ? 576 : 1152;
    }

    /** Bytes of the frame, header included. */
    int length() {
        int table = version1() ? layer() - 1 : layer() == 1 ? 3 : 4;
        int bitsPerSecond = KILOBITS[table][bits >> 12 & 15] * 1000;
        int padding = bits >> 9 & 1;
        if (layer() == 1) {
            return (12 * bitsPerSecond / sampleRate() + padding) * 4;
        }
        return samples() / 8 * bitsPerSecond / sampleRate() + padding;
    }

    /** Where a layer III frame's side information ends and, in its place, an encoder's summary begins. */
    int summaryOffset() {
        int side = version1() ? channels() == 1 ? 17 : 32 : channels() == 1 ? 9 : 17;
        return SIZE + side;
    }
}
