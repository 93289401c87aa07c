package io.millrace.operators.inference.arena;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
import io.millrace.models.torch.ArenaKernel;

/** The states of the keys of one step. Writes reach the arena with {@link #commit()}, all of them, or never. */
public final class ArenaStates implements StateBatch, AutoCloseable {

    private final StateSpec spec;
    private final List<NDArray> arena;
    private final ArenaKernel kernel;
    private final WriteMarks marks;
    private final int size;
    private final NDManager step;
    private final NDArray index;
    private final int first;
    private final int range;
    private final boolean inOrder;
    private final List<Runnable> writes = new ArrayList<>();
    private final NDArray[] fetched;

    ArenaStates(
            StateSpec spec, List<NDArray> arena, ArenaKernel kernel, WriteMarks marks, int[] slots, NDManager step) {
        this.spec = spec;
        this.arena = arena;
        this.kernel = kernel;
        this.marks = marks;
        this.size = slots.length;
        this.step = step;
        this.index = step.create(Arrays.stream(slots).asLongStream().toArray());
        this.first = Arrays.stream(slots).min().orElse(0);
        this.range = size == 0 ? 0 : Arrays.stream(slots).max().getAsInt() + 1 - first;
        this.inOrder = IntStream.range(0, size).allMatch(i -> slots[i] == first + i);
        this.fetched = new NDArray[arena.size()];
    }

    /** Gathers every tensor that the step will not read in place now rather than when the step asks for it. */
    void fetch() {
        for (int tensor = 0; tensor < fetched.length; tensor++) {
            if (!(spec.tensors().get(tensor).readInPlace() && isDense())) {
                fetched[tensor] = get(tensor);
            }
        }
    }

    /** Whether the keys' slots are at least half of those from their first to their last. */
    private boolean isDense() {
        return 2 * size >= range;
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
        return fetched[tensor] == null ? kernel.gather(arena.get(tensor), index, step) : fetched[tensor];
    }

    /** A copy writes and reads again what it reads: the slots between are read instead, if they are not too many. */
    @Override
    public Resident resident(int tensor) {
        if (!isDense()) {
            return StateBatch.super.resident(tensor);
        }
        NDArray rows = kernel.span(arena.get(tensor), first, (long) first + range, step);
        return new Resident(rows, inOrder ? null : index.sub(first));
    }

    @Override
    public void put(int tensor, NDArray values) {
        TensorSpec described = spec.tensors().get(tensor);
        expect(described, new Shape(size).addAll(described.shape()), values);
        writes.add(() -> {
            kernel.scatter(arena.get(tensor), index, values);
            marks.replaced(tensor);
        });
    }

    @Override
    public void putRow(int tensor, NDArray rows, NDArray values) {
        TensorSpec described = spec.tensors().get(tensor);
        expect(described, new Shape(size).addAll(described.shape().slice(1)), values);
        writes.add(() -> {
            kernel.scatterRing(arena.get(tensor), index, rows, values);
            marks.wrote(tensor, index, rows, step);
        });
    }

    @Override
    public void putRows(int tensor, NDArray items, NDArray rows, NDArray values) {
        TensorSpec described = spec.tensors().get(tensor);
        expect(described, new Shape(items.size()).addAll(described.shape().slice(1)), values);
        NDArray slots = kernel.gather(index, items, step);
        writes.add(() -> {
            kernel.scatterRing(arena.get(tensor), slots, rows, values);
            marks.wrote(tensor, slots, rows, step);
        });
    }

    private static void expect(TensorSpec tensor, Shape shape, NDArray values) {
        if (!values.getShape().equals(shape) || values.getDataType() != tensor.type()) {
            throw new IllegalArgumentException("state " + tensor.name() + " takes " + tensor.type() + " " + shape
                    + ", got " + values.getDataType() + " " + values.getShape());
        }
    }

    /**
     * Makes the writes of the step permanent.
     *
     * @throws PartialCommitException if one fails when others may have been made
     */
    public void commit() {
        try {
            writes.forEach(Runnable::run);
        } catch (RuntimeException failure) {
            throw new PartialCommitException(failure);
        } finally {
            writes.clear();
        }
    }

    /** Ends the step: what is attached to its manager goes. */
    @Override
    public void close() {
        step.close();
    }
}
