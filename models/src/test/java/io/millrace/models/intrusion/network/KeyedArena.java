package io.millrace.models.intrusion.network;

import java.util.ArrayList;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.torch.ArenaKernel;

/** States of many keys in one array per tensor, of which any subset makes a batch: the operator's arena in few lines. */
final class KeyedArena implements AutoCloseable {

    private final NDManager owner;
    private final ArenaKernel kernel = new ArenaKernel(Device.cpu());
    private final List<NDArray> arenas = new ArrayList<>();

    KeyedArena(StateSpec spec, int keys, NDManager parent) {
        owner = parent.newSubManager();
        spec.tensors()
                .forEach(tensor -> arenas.add(owner.zeros(new Shape(keys).addAll(tensor.shape()), tensor.type())));
    }

    Batch batch(long... keys) {
        return new Batch(keys);
    }

    @Override
    public void close() {
        kernel.close();
        owner.close();
    }

    /** States of some keys for one step; {@link #commit} writes what the step put, {@link #close} ends it. */
    final class Batch implements StateBatch, AutoCloseable {
        private final NDManager step = owner.newSubManager();
        private final NDArray slots;
        private final int size;
        private final List<Runnable> writes = new ArrayList<>();

        private Batch(long[] keys) {
            size = keys.length;
            slots = step.create(keys);
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public NDManager manager() {
            return step;
        }

        @Override
        public NDArray get(int tensor) {
            return kernel.gather(arenas.get(tensor), slots, step);
        }

        @Override
        public void put(int tensor, NDArray values) {
            writes.add(() -> kernel.scatter(arenas.get(tensor), slots, values));
        }

        @Override
        public void putRow(int tensor, NDArray rows, NDArray values) {
            writes.add(() -> kernel.scatterRing(arenas.get(tensor), slots, rows, values));
        }

        @Override
        public void putRows(int tensor, NDArray items, NDArray rows, NDArray values) {
            writes.add(() -> kernel.scatterRing(arenas.get(tensor), kernel.gather(slots, items, step), rows, values));
        }

        void commit() {
            writes.forEach(Runnable::run);
        }

        @Override
        public void close() {
            step.close();
        }
    }
}
