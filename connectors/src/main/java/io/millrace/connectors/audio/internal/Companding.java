package io.millrace.connectors.audio.internal;

/** ITU-T G.711: eight bits on a logarithmic scale. Linear values are on the scale of 16 bits. */
public final class Companding {
    private static final int BIAS = 0x84;
    private static final int CLIP = 32_635;

    private Companding() {}

    /** The value of a mu-law byte, -32124 to 32124. */
    public static int muLaw(byte code) {
        int bits = ~code & 0xff;
        int magnitude = (((bits & 0xf) << 3) + BIAS << (bits >> 4 & 7)) - BIAS;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }

    /** The mu-law byte nearest to a value of 16 bits. */
    public static byte toMuLaw(int value) {
        int magnitude = Math.min(Math.abs(value), CLIP) + BIAS;
        int segment = 24 - Integer.numberOfLeadingZeros(magnitude);
        int bits = (value < 0 ? 0x80 : 0) | segment << 4 | magnitude >> segment + 3 & 0xf;
        return (byte) ~bits;
    }

    /** The value of an A-law byte, -32256 to 32256. */
    public static int aLaw(byte code) {
        int bits = code ^ 0x55;
        int segment = bits >> 4 & 7;
        int magnitude = ((bits & 0xf) << 4) + 8;
        if (segment > 0) {
            magnitude = magnitude + 0x100 << segment - 1;
        }
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }
}
