package io.millrace.connectors.kafka.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Reads Avro's binary encoding (Avro 1.11 specification, "Binary Encoding") from an array, and believes no length
 * beyond what is left of it: damaged bytes make Avro's own decoder allocate gigabytes before it notices. An element of
 * a collection is taken to need at least one byte. For one thread.
 */
final class ByteArrayDecoder extends Decoder {
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int longestText;
    private int items;

    /** Starts anew on the part of an array from an offset to its end. */
    void startAt(byte[] array, int offset) {
        bytes = ByteBuffer.wrap(array, offset, array.length - offset).order(ByteOrder.LITTLE_ENDIAN);
        longestText = 0;
        items = 0;
    }

    /** Bytes of the longest text read since {@link #startAt}. */
    int longestText() {
        return longestText;
    }

    /** Entries of all lists and maps read since {@link #startAt}. */
    int items() {
        return items;
    }

    /** Bytes not read yet. */
    int remaining() {
        return bytes.remaining();
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        return need(1).get() == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readVarint(5);
        if (value >>> 32 != 0) {
            throw new IOException("an int has more than 32 bits");
        }
        return (int) (value >>> 1) ^ -(int) (value & 1);
    }

    @Override
    public long readLong() throws IOException {
        long value = readVarint(10);
        return value >>> 1 ^ -(value & 1);
    }

    private long readVarint(int longest) throws IOException {
        long value = 0;
        for (int i = 0; i < longest; i++) {
            byte next = need(1).get();
            value |= (next & 0x7fL) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("a number has more than " + longest + " bytes");
    }

    @Override
    public float readFloat() throws IOException {
        return need(Float.BYTES).getFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return need(Double.BYTES).getDouble();
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        return new Utf8(take(readTextLength()));
    }

    @Override
    public String readString() throws IOException {
        int length = readTextLength();
        String text = new String(bytes.array(), bytes.arrayOffset() + bytes.position(), length, StandardCharsets.UTF_8);
        skip(length);
        return text;
    }

    @Override
    public void skipString() throws IOException {
        skip(readLength());
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(take(readLength()));
    }

    @Override
    public void skipBytes() throws IOException {
        skip(readLength());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) throws IOException {
        need(length).get(target, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        skip(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return readBlockCount();
    }

    @Override
    public long arrayNext() throws IOException {
        return readBlockCount();
    }

    @Override
    public long skipArray() throws IOException {
        return skipBlocks();
    }

    @Override
    public long readMapStart() throws IOException {
        return readBlockCount();
    }

    @Override
    public long mapNext() throws IOException {
        return readBlockCount();
    }

    @Override
    public long skipMap() throws IOException {
        return skipBlocks();
    }

    private long readBlockCount() throws IOException {
        long count = readLong();
        if (count < 0) {
            readLength(); // the block's size, which only skipping needs
            count = -count;
        }
        int inBlock = checked(count);
        items = (int) Math.min(Integer.MAX_VALUE, (long) items + inBlock);
        return inBlock;
    }

    /** Skips the blocks that tell their size; gives the count of the first that does not. */
    private long skipBlocks() throws IOException {
        long count = readLong();
        while (count < 0) {
            skip(readLength());
            count = readLong();
        }
        return checked(count);
    }

    private int readTextLength() throws IOException {
        int length = readLength();
        longestText = Math.max(longestText, length);
        return length;
    }

    private int readLength() throws IOException {
        return checked(readLong());
    }

    private int checked(long length) throws IOException {
        if (length < 0 || length > bytes.remaining()) {
            throw new EOFException("length " + length + " where " + bytes.remaining() + " bytes are left");
        }
        return (int) length;
    }

    private byte[] take(int length) {
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private void skip(int length) throws IOException {
        need(length).position(bytes.position() + length);
    }

    private ByteBuffer need(int length) throws EOFException {
        if (length > bytes.remaining()) {
            throw new EOFException("the bytes end early");
        }
        return bytes;
    }
}
