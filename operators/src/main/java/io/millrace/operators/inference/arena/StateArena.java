package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.TensorSpec;
import io.millrace.models.torch.ArenaKernel;
import io.millrace.operators.inference.internal.Batch;

/**
 * Preallocated tensors [slots, ...] on a device that hold the states of many keys. A step gathers the slots of its
 * keys, runs, and scatters back; nothing of it passes through host memory.
 *
 * <p>One thread at a time, but for {@link #fetch}. A host copy of a state is its tensors one behind another, native byte order.
 */
public final class StateArena implements AutoCloseable {

    private final StateSpec spec;
    private final Device device;
    private final NDManager manager;
    private final ArenaKernel kernel;
    private final List<NDArray> tensors = new ArrayList<>();
    private final WriteMarks marks;
    private final ChangeCollector changes;
    private final int slots;

    /** Allocates {@code slots} zero states on {@code device}. */
    public StateArena(StateSpec spec, int slots, Device device) {
        this.spec = spec;
        this.slots = slots;
        this.device = device;
        this.kernel = new ArenaKernel(device);
        this.manager = NDManager.newBaseManager(device);
        for (TensorSpec tensor : spec.tensors()) {
            tensors.add(manager.zeros(batched(tensor, slots), tensor.type()));
        }
        this.marks = new WriteMarks(spec, slots, manager, kernel);
        this.changes = new ChangeCollector(spec, tensors, marks, kernel);
    }

    private static Shape batched(TensorSpec tensor, int size) {
        return new Shape(size).addAll(tensor.shape());
    }

    public int slots() {
        return slots;
    }

    /** The states of some slots for one step; the slots must be distinct. */
    public ArenaStates open(int[] chosen) {
        return new ArenaStates(spec, tensors, kernel, marks, chosen, manager.newSubManager());
    }

    /**
     * The same, with the states already gathered where the device is the processor: on the thread that calls, while
     * another thread may run a step, load or save other slots.
     */
    public ArenaStates fetch(int[] chosen) {
        ArenaStates states = open(chosen);
        if (!device.isGpu()) {
            states.fetch();
        }
        return states;
    }

    /** Puts states into slots; one without bytes becomes zeros. */
    public void load(List<Batch.Load> loads) {
        if (loads.isEmpty()) {
            return;
        }
        try (NDManager step = manager.newSubManager()) {
            NDArray index =
                    step.create(loads.stream().mapToLong(Batch.Load::slot).toArray());
            int offset = 0;
            for (int t = 0; t < tensors.size(); t++) {
                TensorSpec tensor = spec.tensors().get(t);
                int bytes = Math.toIntExact(tensor.bytes());
                ByteBuffer buffer =
                        ByteBuffer.allocateDirect(bytes * loads.size()).order(ByteOrder.nativeOrder());
                for (Batch.Load load : loads) {
                    if (load.tensors() == null) {
                        buffer.position(buffer.position() + bytes);
                    } else {
                        checkLength(load.tensors());
                        buffer.put(load.tensors(), offset, bytes);
                    }
                }
                buffer.flip();
                NDArray rows = step.create(buffer, batched(tensor, loads.size()), tensor.type());
                kernel.scatter(tensors.get(t), index, rows);
                offset += bytes;
            }
            marks.clear(index, step);
        }
    }

    private void checkLength(byte[] state) {
        if (state.length != spec.bytesPerKey()) {
            throw new IllegalStateException(
                    "a stored state has " + state.length + " bytes, the model keeps " + spec.bytesPerKey());
        }
    }

    /** Copies the whole states of slots to the host. */
    public List<byte[]> read(int[] chosen) {
        if (chosen.length == 0) {
            return List.of();
        }
        try (NDManager step = manager.newSubManager()) {
            return read(index(chosen, step), step);
        }
    }

    /**
     * Copies states to the host to be stored: what has changed since the last copy of a slot, or the whole state where
     * there is no earlier copy to add the change to or the change is no smaller.
     *
     * @param chosen slots; all their states are in host memory at once
     * @param whole for each slot, whether the whole state is wanted in any case
     */
    public List<StateCopy> save(int[] chosen, boolean[] whole) {
        StateCopy[] copies = new StateCopy[chosen.length];
        saveChanges(
                chosen,
                IntStream.range(0, chosen.length)
                        .filter(i -> marks.haveRows() && !whole[i])
                        .toArray(),
                copies);
        saveWhole(
                chosen,
                IntStream.range(0, chosen.length).filter(i -> copies[i] == null).toArray(),
                copies);
        return Arrays.asList(copies);
    }

    private void saveChanges(int[] chosen, int[] which, StateCopy[] copies) {
        if (which.length == 0) {
            return;
        }
        int[] chunk = Arrays.stream(which).map(i -> chosen[i]).toArray();
        try (NDManager step = manager.newSubManager()) {
            NDArray index = index(chunk, step);
            List<byte[]> collected = changes.collect(chunk, index, step);
            marks.clear(index, step);
            for (int i = 0; i < which.length; i++) {
                byte[] change = collected.get(i);
                copies[which[i]] = change == null ? null : new StateCopy(false, change);
            }
        }
    }

    private void saveWhole(int[] chosen, int[] which, StateCopy[] copies) {
        if (which.length == 0) {
            return;
        }
        int[] chunk = Arrays.stream(which).map(i -> chosen[i]).toArray();
        try (NDManager step = manager.newSubManager()) {
            NDArray index = index(chunk, step);
            List<byte[]> states = read(index, step);
            marks.clear(index, step);
            for (int i = 0; i < which.length; i++) {
                copies[which[i]] = new StateCopy(true, states.get(i));
            }
        }
    }

    private static NDArray index(int[] slots, NDManager step) {
        return step.create(Arrays.stream(slots).asLongStream().toArray());
    }

    private List<byte[]> read(NDArray index, NDManager step) {
        int perKey = Math.toIntExact(spec.bytesPerKey());
        List<byte[]> states = new ArrayList<>();
        for (int i = 0; i < index.size(); i++) {
            states.add(new byte[perKey]);
        }
        int offset = 0;
        for (int t = 0; t < tensors.size(); t++) {
            int bytes = Math.toIntExact(spec.tensors().get(t).bytes());
            ByteBuffer rows = kernel.gather(tensors.get(t), index, step).toByteBuffer(true);
            for (int i = 0; i < states.size(); i++) {
                rows.get(i * bytes, states.get(i), offset, bytes);
            }
            offset += bytes;
        }
        return states;
    }

    /** Bytes that the arena takes on the device. */
    public long bytes() {
        return spec.bytesPerKey() * slots;
    }

    @Override
    public void close() {
        kernel.close();
        manager.close();
    }
}
