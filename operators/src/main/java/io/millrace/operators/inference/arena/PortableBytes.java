package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import ai.djl.ndarray.types.DataType;

/** Copies elements between the byte order of the machine, which the engine has, and the big-endian order of stored states. */
final class PortableBytes {

    private PortableBytes() {}

    /** Copies {@code bytes} bytes of elements from a native buffer, from its position on, and moves both positions. */
    static void toPortable(ByteBuffer from, int bytes, DataType type, ByteBuffer to) {
        copy(
                from.slice(from.position(), bytes).order(ByteOrder.nativeOrder()),
                to.slice(to.position(), bytes).order(ByteOrder.BIG_ENDIAN),
                type);
        from.position(from.position() + bytes);
        to.position(to.position() + bytes);
    }

    /** Copies {@code bytes} bytes of elements to a native buffer, at its position, and moves its position. */
    static void toNative(byte[] from, int offset, int bytes, DataType type, ByteBuffer to) {
        copy(
                ByteBuffer.wrap(from, offset, bytes).slice().order(ByteOrder.BIG_ENDIAN),
                to.slice(to.position(), bytes).order(ByteOrder.nativeOrder()),
                type);
        to.position(to.position() + bytes);
    }

    private static void copy(ByteBuffer from, ByteBuffer to, DataType type) {
        switch (type.getNumOfBytes()) {
            case 1 -> to.put(from);
            case 2 -> to.asShortBuffer().put(from.asShortBuffer());
            case 4 -> to.asIntBuffer().put(from.asIntBuffer());
            case 8 -> to.asLongBuffer().put(from.asLongBuffer());
            default -> throw new IllegalArgumentException("states of type " + type + " cannot be stored");
        }
    }
}
