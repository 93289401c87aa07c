package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
import io.millrace.models.torch.ArenaKernel;

/** Copies what has changed in some slots to the host: two gathers a tensor at most, whatever the number of slots. */
final class ChangeCollector {

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

    /**
     * The changes of slots since they were last copied, in the form of {@link StateChange}; null for a slot whose change
     * is no smaller than its state.
     */
    List<byte[]> collect(int[] slots, NDArray index, NDManager step) {
        List<Part> parts = new ArrayList<>(tensors.size());
        for (int t = 0; t < tensors.size(); t++) {
            parts.add(part(t, index, step));
        }
        int[] sizes = new int[slots.length];
        boolean[] wanted = new boolean[slots.length];
        for (int i = 0; i < slots.length; i++) {
            for (Part part : parts) {
                sizes[i] += 1 + part.bytes(i);
            }
            wanted[i] = sizes[i] < spec.bytesPerKey();
        }
        parts.forEach(part -> part.fetch(slots, wanted, step));
        List<byte[]> changes = new ArrayList<>(slots.length);
        for (int i = 0; i < slots.length; i++) {
            if (wanted[i]) {
                ByteBuffer change = ByteBuffer.allocate(sizes[i]);
                for (Part part : parts) {
                    part.write(i, change);
                }
                changes.add(change.array());
            } else {
                changes.add(null);
            }
        }
        return changes;
    }

    private Part part(int t, NDArray index, NDManager step) {
        TensorSpec tensor = spec.tensors().get(t);
        int bytes = Math.toIntExact(tensor.bytes());
        if (marks.isReplaced(t)) {
            return new Replaced(tensors.get(t), bytes);
        }
        if (marks.rows(t) == null) {
            return new Unchanged();
        }
        int rowCount = StateChange.rowCount(tensor);
        ByteBuffer marked = kernel.gather(marks.rows(t), index, step).toByteBuffer(true);
        return new Rows(tensors.get(t), marked, rowCount, bytes / rowCount);
    }

    /** What of one tensor has changed in each of the slots. */
    private interface Part {

        /** Bytes after the mode byte that slot i of the slots takes. */
        int bytes(int i);

        /** Copies the data of the wanted slots to the host. */
        void fetch(int[] slots, boolean[] wanted, NDManager step);

        /** Writes mode and data of slot i, which was wanted; slots come in order. */
        void write(int i, ByteBuffer change);
    }

    private static final class Unchanged implements Part {
        @Override
        public int bytes(int i) {
            return 0;
        }

        @Override
        public void fetch(int[] slots, boolean[] wanted, NDManager step) {
            // Nothing to fetch.
        }

        @Override
        public void write(int i, ByteBuffer change) {
            change.put(StateChange.UNCHANGED);
        }
    }

    private final class Replaced implements Part {
        private final NDArray tensor;
        private final int bytes;
        private ByteBuffer data;

        Replaced(NDArray tensor, int bytes) {
            this.tensor = tensor;
            this.bytes = bytes;
        }

        @Override
        public int bytes(int i) {
            return bytes;
        }

        @Override
        public void fetch(int[] slots, boolean[] wanted, NDManager step) {
            long[] places = new long[slots.length];
            int count = 0;
            for (int i = 0; i < slots.length; i++) {
                if (wanted[i]) {
                    places[count++] = slots[i];
                }
            }
            data = gather(tensor, places, count, step);
        }

        @Override
        public void write(int i, ByteBuffer change) {
            change.put(StateChange.REPLACED);
            PortableBytes.toPortable(data, bytes, tensor.getDataType(), change);
        }
    }

    private final class Rows implements Part {
        private final NDArray tensor;
        private final ByteBuffer marked;
        private final int rowCount;
        private final int rowBytes;
        private ByteBuffer data;

        Rows(NDArray tensor, ByteBuffer marked, int rowCount, int rowBytes) {
            this.tensor = tensor;
            this.marked = marked;
            this.rowCount = rowCount;
            this.rowBytes = rowBytes;
        }

        private boolean isMarked(int i, int row) {
            return marked.get(i * rowCount + row) != 0;
        }

        private int count(int i) {
            int count = 0;
            for (int row = 0; row < rowCount; row++) {
                count += isMarked(i, row) ? 1 : 0;
            }
            return count;
        }

        @Override
        public int bytes(int i) {
            return Integer.BYTES + count(i) * (Integer.BYTES + rowBytes);
        }

        @Override
        public void fetch(int[] slots, boolean[] wanted, NDManager step) {
            long[] places = new long[slots.length * rowCount];
            int count = 0;
            for (int i = 0; i < slots.length; i++) {
                for (int row = 0; row < rowCount && wanted[i]; row++) {
                    if (isMarked(i, row)) {
                        places[count++] = (long) slots[i] * rowCount + row;
                    }
                }
            }
            Shape shape = tensor.getShape();
            // A view of the arena, not a copy: [slots, rows, ...] read as [slots x rows, ...].
            NDArray flat = tensor.reshape(new Shape(shape.get(0) * shape.get(1)).addAll(shape.slice(2)));
            flat.attach(step);
            data = gather(flat, places, count, step);
        }

        @Override
        public void write(int i, ByteBuffer change) {
            int count = count(i);
            change.put(StateChange.ROWS).putInt(count);
            for (int row = 0; row < rowCount; row++) {
                if (isMarked(i, row)) {
                    change.putInt(row);
                }
            }
            PortableBytes.toPortable(data, count * rowBytes, tensor.getDataType(), change);
        }
    }

    private ByteBuffer gather(NDArray tensor, long[] places, int count, NDManager step) {
        if (count == 0) {
            return ByteBuffer.allocate(0);
        }
        return kernel.gather(tensor, step.create(Arrays.copyOf(places, count)), step)
                .toByteBuffer(true);
    }
}
