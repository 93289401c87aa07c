package io.millrace.connectors.audio.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

import io.millrace.connectors.audio.AudioFormatException;

/** An input that knows its position, looks ahead, and says where it broke off. */
public final class CountedInput extends InputStream {
    /** Most bytes that can be looked at ahead. */
    public static final int PEEK = 1 << 16;

    private final InputStream in;
    private long position;

    public CountedInput(InputStream source) {
        in = new BufferedInputStream(source, PEEK);
    }

    /** Bytes read so far. */
    public long position() {
        return position;
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        if (value >= 0) {
            position++;
        }
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            position += count;
        }
        return count;
    }

    /** The next bytes, which stay unread: fewer than asked for at the end of the input only. */
    public byte[] peek(int length) throws IOException {
        in.mark(length);
        byte[] bytes = in.readNBytes(length);
        in.reset();
        return bytes;
    }

    /** The next bytes; an error that names them if the input ends before. */
    public byte[] exactly(int length, String what) throws IOException {
        long from = position;
        byte[] bytes = readNBytes(length);
        if (bytes.length < length) {
            throw brokenOff(what, from, length, bytes.length);
        }
        return bytes;
    }

    /** Reads over bytes; an error that names them if the input ends before. */
    public void skipExactly(long length, String what) throws IOException {
        long from = position;
        byte[] scratch = new byte[(int) Math.min(length, 8192)];
        for (long left = length; left > 0; ) {
            int count = read(scratch, 0, (int) Math.min(left, scratch.length));
            if (count < 0) {
                throw brokenOff(what, from, length, length - left);
            }
            left -= count;
        }
    }

    /** Reads over the ID3v2 tags that music files carry in front. */
    public void skipId3() throws IOException {
        for (byte[] head = peek(10); isId3(head); head = peek(10)) {
            long size = (head[6] & 0x7fL) << 21 | (head[7] & 0x7f) << 14 | (head[8] & 0x7f) << 7 | head[9] & 0x7f;
            boolean footer = (head[5] & 0x10) != 0;
            skipExactly(10 + size + (footer ? 10 : 0), "ID3 tag");
        }
    }

    private static boolean isId3(byte[] head) {
        return head.length == 10
                && head[0] == 'I'
                && head[1] == 'D'
                && head[2] == '3'
                && (head[6] | head[7] | head[8] | head[9]) >= 0;
    }

    private static AudioFormatException brokenOff(String what, long from, long wanted, long there) {
        return new AudioFormatException("truncated: the " + what + " at byte " + from + " takes " + wanted
                + " bytes, of which " + there + " are there");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
