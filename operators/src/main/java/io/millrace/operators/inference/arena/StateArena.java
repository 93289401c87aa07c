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

/**
 * Preallocated tensors [slots, ...] on a device that hold the states of many keys. A step gathers the slots of its
 * keys, runs, and scatters back; nothing of it passes through host memory.
 *
 * <p>One thread at a time, but for {@link #fetch}. Host copies of states are {@link StateCopy}s.
 */
public final class StateArena implements AutoCloseable {

    /** Bytes copied between device and host at once: few enough to stay in the processor's cache. */
    public static final long BYTES_AT_ONCE = 4 << 20;

    private static final long MOST_BYTES_PER_KEY = 1 << 30;

    private final StateSpec spec;
    private final Device device;
    private final NDManager manager;
    private final ArenaKernel kernel;
    private final List<NDArray> tensors = new ArrayList<>();
    private final WriteMarks marks;
    private final ChangeCollector changes;
    private final int slots;
    private final int atOnce;
    private ByteBuffer staging = ByteBuffer.allocateDirect(0);

    /** Allocates {@code slots} zero states on {@code device}. */
    public StateArena(StateSpec spec, int slots, Device device) {
        if (spec.bytesPerKey() > MOST_BYTES_PER_KEY) {
            throw new IllegalArgumentException("a state of " + spec.bytesPerKey() + " bytes a key is too large: "
                    + MOST_BYTES_PER_KEY + " at most");
        }
        this.spec = spec;
        this.slots = slots;
        this.device = device;
        this.atOnce = (int) Math.max(1, BYTES_AT_ONCE / Math.max(1, spec.bytesPerKey()));
        this.kernel = new ArenaKernel(device);
        this.manager = NDManager.newBaseManager(device);
        try {
            for (TensorSpec tensor : spec.tensors()) {
                tensors.add(manager.zeros(batched(tensor, slots), tensor.type()));
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
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

    /** Puts states into slots; one without bytes becomes zeros. A few megabytes at a time pass through host memory. */
    public void load(List<ArenaLoad> loads) {
        List<ArenaLoad> stored = new ArrayList<>();
        List<ArenaLoad> zeros = new ArrayList<>();
        for (ArenaLoad load : loads) {
            if (load.tensors() != null) {
                checkLength(load.tensors());
            }
            (load.tensors() == null ? zeros : stored).add(load);
        }
        if (!zeros.isEmpty()) {
            try (NDManager step = manager.newSubManager()) {
                NDArray index = index(zeros.stream().mapToInt(ArenaLoad::slot).toArray(), step);
                tensors.forEach(tensor -> kernel.clear(tensor, index));
                marks.clear(index, step);
            }
        }
        for (int from = 0; from < stored.size(); from += atOnce) {
            loadStored(stored.subList(from, Math.min(from + atOnce, stored.size())));
        }
    }

    private void loadStored(List<ArenaLoad> loads) {
        try (NDManager step = manager.newSubManager()) {
            NDArray index = index(loads.stream().mapToInt(ArenaLoad::slot).toArray(), step);
            int offset = 0;
            for (int t = 0; t < tensors.size(); t++) {
                TensorSpec tensor = spec.tensors().get(t);
                int bytes = Math.toIntExact(tensor.bytes());
                ByteBuffer buffer = staging(Math.multiplyExact(bytes, loads.size()));
                for (ArenaLoad load : loads) {
                    PortableBytes.toNative(load.tensors(), offset, bytes, tensor.type(), buffer);
                }
                buffer.flip();
                NDArray rows = step.create(buffer, batched(tensor, loads.size()), tensor.type());
                kernel.scatter(tensors.get(t), index, rows);
                offset += bytes;
            }
            marks.clear(index, step);
        }
    }

    /** One buffer for all uploads: a scatter is over before the next tensor or piece needs it. */
    private ByteBuffer staging(int bytes) {
        if (staging.capacity() < bytes) {
            staging = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }
        return staging.clear().limit(bytes);
    }

    private void checkLength(byte[] state) {
        if (state.length != spec.bytesPerKey()) {
            throw new IllegalStateException(
                    "a stored state has " + state.length + " bytes, the model keeps " + spec.bytesPerKey());
        }
    }

    /** Copies the whole states of slots to the host. */
    public List<byte[]> read(int[] chosen) {
        List<byte[]> states = new ArrayList<>(chosen.length);
        for (int from = 0; from < chosen.length; from += atOnce) {
            try (NDManager step = manager.newSubManager()) {
                int to = Math.min(from + atOnce, chosen.length);
                states.addAll(read(index(Arrays.copyOfRange(chosen, from, to), step), step));
            }
        }
        return states;
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
        List<ByteBuffer> states = new ArrayList<>();
        for (int i = 0; i < index.size(); i++) {
            states.add(ByteBuffer.allocate(perKey));
        }
        for (int t = 0; t < tensors.size(); t++) {
            TensorSpec tensor = spec.tensors().get(t);
            int bytes = Math.toIntExact(tensor.bytes());
            ByteBuffer rows = kernel.gather(tensors.get(t), index, step).toByteBuffer(true);
            for (ByteBuffer state : states) {
                PortableBytes.toPortable(rows, bytes, tensor.type(), state);
            }
        }
        return states.stream().map(ByteBuffer::array).toList();
    }

    /** Bytes that the arena takes on the device. */
    public long bytes() {
        return spec.bytesPerKey() * slots;
    }

    @Override
    public void close() {
        try {
            kernel.close();
        } finally {
            manager.close();
        }
    }
}
