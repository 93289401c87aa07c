package io.millrace.models.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the instructions of a pickle of protocol 2, one method each. */
public final class PickleWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public PickleWriter() {
        raw(0x80, 2);
    }

    public PickleWriter raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    public PickleWriter ascii(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public PickleWriter global(String module, String name) {
        return ascii("c" + module + "\n" + name + "\n");
    }

    public PickleWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return ascii("X").int32(utf8.length).ascii(value);
    }

    public PickleWriter int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    /** BININT, or LONG1 for what does not fit. */
    public PickleWriter number(long value) {
        if (value == (int) value) {
            return ascii("J").int32((int) value);
        }
        bytes.writeBytes(new byte[] {(byte) 0x8a, Long.BYTES});
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    public PickleWriter numbers(long... values) {
        ascii("(");
        for (long value : values) {
            number(value);
        }
        return ascii("t");
    }

    public PickleWriter emptyDictionary() {
        return global("collections", "OrderedDict").ascii(")R");
    }

    public PickleWriter storage(String type, String key, long elements) {
        return ascii("(")
                .text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .number(elements)
                .ascii("tQ");
    }

    /** A call of {@code _rebuild_tensor_v2} over a storage. */
    public PickleWriter tensor(String type, String key, long elements, long offset, long[] shape, long[] stride) {
        return global("torch._utils", "_rebuild_tensor_v2")
                .ascii("(")
                .storage(type, key, elements)
                .number(offset)
                .numbers(shape)
                .numbers(stride)
                .raw(0x89)
                .emptyDictionary()
                .ascii("tR");
    }

    public byte[] stop() {
        return ascii(".").toBytes();
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
