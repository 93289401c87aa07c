package io.millrace.connectors.kafka.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary decoder that believes no length beyond what is left of the record: damaged bytes would otherwise make
 * it allocate gigabytes before noticing. An element of a collection is taken to need at least one byte.
 */
final class BoundedBinaryDecoder extends BinaryDecoder {

    /** Starts on the Avro part of a record. */
    void startAt(byte[] bytes, int offset) {
        DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, this);
    }

    /** Bytes not read yet. */
    int remaining() throws IOException {
        return inputStream().available();
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        byte[] bytes = new byte[checked(readLong())];
        readFixed(bytes, 0, bytes.length);
        return new Utf8(bytes);
    }

    @Override
    public String readString() throws IOException {
        byte[] bytes = new byte[checked(readLong())];
        readFixed(bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        byte[] bytes = new byte[checked(readLong())];
        readFixed(bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public long readArrayStart() throws IOException {
        return checked(super.readArrayStart());
    }

    @Override
    public long arrayNext() throws IOException {
        return checked(super.arrayNext());
    }

    @Override
    public long readMapStart() throws IOException {
        return checked(super.readMapStart());
    }

    @Override
    public long mapNext() throws IOException {
        return checked(super.mapNext());
    }

    private int checked(long length) throws IOException {
        if (length < 0 || length > remaining()) {
            throw new EOFException("length " + length + " where " + remaining() + " bytes are left");
        }
        return (int) length;
    }
}
