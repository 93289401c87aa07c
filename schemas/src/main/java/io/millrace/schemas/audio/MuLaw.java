package io.millrace.schemas.audio;

/** ITU-T G.711 mu-law: eight bits on a logarithmic scale. Linear values are on the scale of 16 bits. */
public final class MuLaw {

    private static final int BIAS = 0x84;
    private static final int CLIP = 32_635;

    private MuLaw() {}

    /** The value of a byte, -32124 to 32124. */
    public static int value(byte code) {
        int bits = ~code & 0xff;
        int magnitude = (((bits & 0xf) << 3) + BIAS << (bits >> 4 & 7)) - BIAS;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }

    /** The byte nearest to a value of 16 bits. */
    public static byte code(int value) {
        int magnitude = Math.min(Math.abs(value), CLIP) + BIAS;
        int segment = 24 - Integer.numberOfLeadingZeros(magnitude);
        int bits = (value < 0 ? 0x80 : 0) | segment << 4 | magnitude >> segment + 3 & 0xf;
        return (byte) ~bits;
    }
}
