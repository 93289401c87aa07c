package io.millrace.connectors.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Builds WAV files, sound ones and others. */
final class WavBytes {
    private final int tag;
    private final int bits;
    private final int channels;
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    private boolean extensible;
    private int rate = 16_000;
    private long outer = -1;
    private long declared = -1;

    WavBytes(int tag, int bits, int channels) {
        this.tag = tag;
        this.bits = bits;
        this.channels = channels;
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    WavBytes extensible() {
        extensible = true;
        return this;
    }

    WavBytes rate(int other) {
        rate = other;
        return this;
    }

    /** Sizes that the file and the data chunk claim. */
    WavBytes sizes(long file, long data) {
        outer = file;
        declared = data;
        return this;
    }

    WavBytes declaring(long data) {
        declared = data;
        return this;
    }

    WavBytes data(byte[] data) {
        return chunk("data", data, declared < 0 ? data.length : declared);
    }

    WavBytes chunk(String id, byte[] content) {
        return chunk(id, content, content.length);
    }

    private WavBytes chunk(String id, byte[] content, long size) {
        chunks.writeBytes(id.getBytes(StandardCharsets.US_ASCII));
        chunks.writeBytes(little(4).putInt((int) size).array());
        chunks.writeBytes(content);
        if ((size & 1) != 0 && size == content.length) {
            chunks.write(0);
        }
        return this;
    }

    byte[] bytes() {
        int width = (bits + 7) / 8;
        ByteBuffer format = little(extensible ? 40 : 16);
        format.putShort((short) (extensible ? 0xfffe : tag)).putShort((short) channels);
        format.putInt(rate).putInt(rate * channels * width);
        format.putShort((short) (channels * width)).putShort((short) (extensible ? width * 8 : bits));
        if (extensible) {
            format.putShort((short) 22).putShort((short) bits).putInt(0).putShort((short) tag);
            format.put(hex("000000001000800000aa00389b71"));
        }
        byte[] after = chunks.toByteArray();
        int size = 4 + 8 + format.capacity() + after.length;
        return little(8 + size)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) (outer < 0 ? size : outer))
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(format.capacity())
                .put(format.array())
                .put(after)
                .array();
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
