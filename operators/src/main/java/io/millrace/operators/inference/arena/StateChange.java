package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.util.List;

import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;

/**
 * The bytes of a change: what of a state differs from an earlier copy of it. For each tensor of the specification a mode
 * byte, and after it nothing (unchanged), the tensor (replaced), or an int count, that many int row numbers and the rows
 * (rows of a ring written). Numbers and elements are big-endian, as in a whole state.
 */
public final class StateChange {

    static final byte UNCHANGED = 0;
    static final byte REPLACED = 1;
    static final byte ROWS = 2;

    private StateChange() {}

    /**
     * Applies changes to a state, oldest first.
     *
     * @param spec the state's specification
     * @param state a whole state; left as it is
     * @return the state after the changes
     * @throws IllegalStateException if a change or the state does not fit the specification
     */
    public static byte[] apply(StateSpec spec, byte[] state, List<byte[]> changes) {
        if (state.length != spec.bytesPerKey()) {
            throw new IllegalStateException(
                    "a stored state has " + state.length + " bytes, the model keeps " + spec.bytesPerKey());
        }
        byte[] result = state.clone();
        for (byte[] change : changes) {
            try {
                applyOne(spec, result, ByteBuffer.wrap(change));
            } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException unfit) {
                throw new IllegalStateException(
                        "a stored change of " + change.length + " bytes does not fit the model's state", unfit);
            }
        }
        return result;
    }

    private static void applyOne(StateSpec spec, byte[] state, ByteBuffer change) {
        int offset = 0;
        for (TensorSpec tensor : spec.tensors()) {
            int bytes = Math.toIntExact(tensor.bytes());
            switch (change.get()) {
                case UNCHANGED -> {}
                case REPLACED -> change.get(state, offset, bytes);
                case ROWS -> {
                    int[] rows = new int[java.util.Objects.checkIndex(change.getInt(), rowCount(tensor) + 1)];
                    for (int i = 0; i < rows.length; i++) {
                        rows[i] = java.util.Objects.checkIndex(change.getInt(), rowCount(tensor));
                    }
                    int rowBytes = bytes / rowCount(tensor);
                    for (int row : rows) {
                        change.get(state, offset + row * rowBytes, rowBytes);
                    }
                }
                default -> throw new IndexOutOfBoundsException("unknown mode of tensor " + tensor.name());
            }
            offset += bytes;
        }
        if (change.hasRemaining()) {
            throw new IndexOutOfBoundsException(change.remaining() + " bytes too many");
        }
    }

    /** Rows of a tensor: the first dimension of its per-key shape. */
    static int rowCount(TensorSpec tensor) {
        return tensor.shape().dimension() == 0
                ? 1
                : Math.toIntExact(tensor.shape().get(0));
    }
}
