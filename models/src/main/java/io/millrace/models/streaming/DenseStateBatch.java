package io.millrace.models.streaming;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.torch.ArenaKernel;
import io.millrace.models.torch.ArrayCopy;
import org.apiguardian.api.API;

/**
 * States of a fixed set of keys held as plain dense arrays: for tests, for offline evaluation and as the ideal case in
 * benchmarks, since a step reads them without a gather. {@link #commit()} makes the writes of a step the states of the
 * next.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DenseStateBatch implements StateBatch, AutoCloseable {

    private final StateSpec spec;
    private final int size;
    private final NDManager owner;
    private final ArenaKernel kernel;
    private final NDArray every;
    private final List<NDArray> states = new ArrayList<>();
    private final List<Runnable> writes = new ArrayList<>();
    private NDManager step;

    /** Zero states for {@code size} keys, held by a sub-manager of {@code parent}. */
    public DenseStateBatch(StateSpec spec, int size, NDManager parent) {
        this.spec = spec;
        this.size = size;
        this.owner = parent.newSubManager();
        this.kernel = new ArenaKernel(owner.getDevice());
        this.every = owner.arange(0f, size, 1f, ai.djl.ndarray.types.DataType.INT64);
        for (TensorSpec tensor : spec.tensors()) {
            states.add(owner.zeros(batched(tensor), tensor.type()));
        }
        this.step = owner.newSubManager();
    }

    private Shape batched(TensorSpec tensor) {
        return new Shape(size).addAll(tensor.shape());
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
        return states.get(tensor);
    }

    @Override
    public void put(int tensor, NDArray values) {
        Shape expected = batched(spec.tensors().get(tensor));
        if (!values.getShape().equals(expected)) {
            throw new IllegalArgumentException(
                    "state " + spec.tensors().get(tensor).name() + " is " + expected + ", got " + values.getShape());
        }
        writes.add(() -> ArrayCopy.into(states.get(tensor), values));
    }

    @Override
    public void putRow(int tensor, NDArray rows, NDArray values) {
        writes.add(() -> kernel.scatterRing(states.get(tensor), every, rows, values));
    }

    @Override
    public void putRows(int tensor, NDArray items, NDArray rows, NDArray values) {
        writes.add(() -> kernel.scatterRing(states.get(tensor), items, rows, values));
    }

    /** Makes the collected writes the states and closes what the step left behind. */
    public void commit() {
        writes.forEach(Runnable::run);
        discard();
    }

    /** Forgets the collected writes and closes what the step left behind. */
    public void discard() {
        writes.clear();
        step.close();
        step = owner.newSubManager();
    }

    @Override
    public void close() {
        owner.close();
        kernel.close();
    }
}
