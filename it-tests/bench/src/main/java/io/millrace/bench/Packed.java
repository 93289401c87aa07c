package io.millrace.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Floats and ints as one block of bytes, native order. */
final class Packed {

    private Packed() {}

    static byte[] bytes(float[] floats, int[] ints) {
        byte[] bytes = new byte[(floats.length + ints.length) * Float.BYTES];
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        view.asFloatBuffer().put(floats);
        view.position(floats.length * Float.BYTES)
                .slice()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer()
                .put(ints);
        return bytes;
    }

    static void read(byte[] bytes, float[] floats, int[] ints) {
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        view.asFloatBuffer().get(floats);
        view.position(floats.length * Float.BYTES)
                .slice()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer()
                .get(ints);
    }
}
