package io.millrace.models.speech.nemo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The fields of a protobuf message in their order. A field that nobody asks for is passed over. */
final class ProtobufReader {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer source;
    private int field;
    private int wireType;
    private long number;
    private ByteBuffer bytes;

    ProtobufReader(ByteBuffer message) {
        this.source = message.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads the next field; false at the end.
     *
     * @throws IllegalArgumentException if the message is damaged
     */
    boolean next() {
        if (!source.hasRemaining()) {
            return false;
        }
        long tag = readVarint();
        require(tag >>> 3 >= 1 && tag >>> 3 <= 0x1fffffff, "field " + (tag >>> 3));
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        switch (wireType) {
            case VARINT -> number = readVarint();
            case FIXED64 -> {
                require(source.remaining() >= Long.BYTES, "it is cut off");
                number = source.getLong();
            }
            case BYTES -> {
                long length = readVarint();
                require(length >= 0 && length <= source.remaining(), "it is cut off");
                bytes = source.slice(source.position(), (int) length);
                source.position(source.position() + (int) length);
            }
            case FIXED32 -> {
                require(source.remaining() >= Integer.BYTES, "it is cut off");
                number = source.getInt();
            }
            default -> throw new IllegalArgumentException("damaged protobuf: wire type " + wireType);
        }
        return true;
    }

    /** Number of the field just read. */
    int field() {
        return field;
    }

    int integer() {
        expect(VARINT);
        return (int) number;
    }

    boolean bool() {
        expect(VARINT);
        return number != 0;
    }

    float float32() {
        expect(FIXED32);
        return Float.intBitsToFloat((int) number);
    }

    String text() {
        expect(BYTES);
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** Length of a text, message or bytes. */
    int size() {
        expect(BYTES);
        return bytes.remaining();
    }

    ProtobufReader message() {
        expect(BYTES);
        return new ProtobufReader(bytes);
    }

    private long readVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            require(source.hasRemaining(), "it is cut off");
            byte next = source.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("damaged protobuf: a number of more than 64 bits");
    }

    private void expect(int type) {
        require(wireType == type, "field " + field + " has wire type " + wireType + ", expected " + type);
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("damaged protobuf: " + reason);
        }
    }
}
