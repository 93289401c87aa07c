package io.millrace.connectors.audio.internal;

/** ITU-T G.711 A-law: eight bits on a logarithmic scale. Linear values are on the scale of 16 bits. */
final class ALaw {

    private ALaw() {}

    /** The value of a byte, -32256 to 32256. */
    static int value(byte code) {
        int bits = code ^ 0x55;
        int segment = bits >> 4 & 7;
        int magnitude = ((bits & 0xf) << 4) + 8;
        if (segment > 0) {
            magnitude = magnitude + 0x100 << segment - 1;
        }
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }
}
