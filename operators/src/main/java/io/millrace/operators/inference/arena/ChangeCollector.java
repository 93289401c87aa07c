package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
import io.millrace.models.torch.ArenaKernel;

/** Copies what has changed in some slots to the host: one gather a tensor, whatever the number of slots. */
final class ChangeCollector {

    /** What of one tensor has changed: {@code firstRow[i]..firstRow[i+1]} are the rows of slot i; null if replaced. */
    private record Part(byte mode, int[] firstRow, int[] rows, ByteBuffer data, int rowBytes) {

        int bytes(int slot) {
            return switch (mode) {
                case StateChange.REPLACED -> rowBytes;
                case StateChange.ROWS ->
                    Integer.BYTES + (firstRow[slot + 1] - firstRow[slot]) * (Integer.BYTES + rowBytes);
                default -> 0;
            };
        }

        void write(int slot, ByteBuffer change) {
            change.put(mode);
            if (mode == StateChange.REPLACED) {
                change.put(change.position(), data, slot * rowBytes, rowBytes);
                change.position(change.position() + rowBytes);
            } else if (mode == StateChange.ROWS) {
                int from = firstRow[slot];
                int count = firstRow[slot + 1] - from;
                change.putInt(count);
                for (int i = 0; i < count; i++) {
                    change.putInt(rows[from + i]);
                }
                change.put(change.position(), data, from * rowBytes, count * rowBytes);
                change.position(change.position() + count * rowBytes);
            }
        }
    }

    private final StateSpec spec;
    private final List<NDArray> tensors;
    private final WriteMarks marks;
    private final ArenaKernel kernel;

    ChangeCollector(StateSpec spec, List<NDArray> tensors, WriteMarks marks, ArenaKernel kernel) {
        this.spec = spec;
        this.tensors = tensors;
        this.marks = marks;
        this.kernel = kernel;
    }

    /** The changes of slots since they were last copied, in the form of {@link StateChange}. */
    List<byte[]> collect(int[] slots, NDArray index, NDManager step) {
        List<Part> parts = new ArrayList<>(tensors.size());
        for (int t = 0; t < tensors.size(); t++) {
            parts.add(part(t, slots, index, step));
        }
        List<byte[]> changes = new ArrayList<>(slots.length);
        for (int i = 0; i < slots.length; i++) {
            int bytes = parts.size();
            for (Part part : parts) {
                bytes += part.bytes(i);
            }
            ByteBuffer change = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
            for (Part part : parts) {
                part.write(i, change);
            }
            changes.add(change.array());
        }
        return changes;
    }

    private Part part(int t, int[] slots, NDArray index, NDManager step) {
        TensorSpec tensor = spec.tensors().get(t);
        int bytes = Math.toIntExact(tensor.bytes());
        if (marks.isReplaced(t)) {
            ByteBuffer data = kernel.gather(tensors.get(t), index, step).toByteBuffer();
            return new Part(StateChange.REPLACED, null, null, data, bytes);
        }
        if (marks.rows(t) == null) {
            return new Part(StateChange.UNCHANGED, null, null, null, 0);
        }
        int rowCount = StateChange.rowCount(tensor);
        ByteBuffer marked = kernel.gather(marks.rows(t), index, step).toByteBuffer();
        int[] firstRow = new int[slots.length + 1];
        int[] rows = new int[slots.length * rowCount];
        long[] places = new long[rows.length];
        int count = 0;
        for (int i = 0; i < slots.length; i++) {
            for (int row = 0; row < rowCount; row++) {
                if (marked.get(i * rowCount + row) != 0) {
                    rows[count] = row;
                    places[count++] = (long) slots[i] * rowCount + row;
                }
            }
            firstRow[i + 1] = count;
        }
        return new Part(StateChange.ROWS, firstRow, rows, rows(t, places, count, step), bytes / rowCount);
    }

    private ByteBuffer rows(int t, long[] places, int count, NDManager step) {
        if (count == 0) {
            return ByteBuffer.allocate(0);
        }
        Shape shape = tensors.get(t).getShape();
        // A view of the arena, not a copy: [slots, rows, ...] read as [slots x rows, ...].
        NDArray flat = tensors.get(t).reshape(new Shape(shape.get(0) * shape.get(1)).addAll(shape.slice(2)));
        flat.attach(step);
        return kernel.gather(flat, step.create(java.util.Arrays.copyOf(places, count)), step)
                .toByteBuffer();
    }
}
