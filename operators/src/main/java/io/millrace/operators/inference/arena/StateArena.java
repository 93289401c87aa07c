package io.millrace.operators.inference.arena;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

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
 * <p>One thread at a time. A host copy of a state is its tensors one behind another, native byte order.
 */
public final class StateArena implements AutoCloseable {

    /** States copied to the host at once: bounds the memory that a write-back takes. */
    private static final int COPY_CHUNK = 2048;

    private final StateSpec spec;
    private final NDManager manager;
    private final ArenaKernel kernel;
    private final List<NDArray> tensors = new ArrayList<>();
    private final int slots;

    /** Allocates {@code slots} zero states on {@code device}. */
    public StateArena(StateSpec spec, int slots, Device device) {
        this.spec = spec;
        this.slots = slots;
        this.kernel = new ArenaKernel(device);
        this.manager = NDManager.newBaseManager(device);
        for (TensorSpec tensor : spec.tensors()) {
            tensors.add(manager.zeros(batched(tensor, slots), tensor.type()));
        }
    }

    private static Shape batched(TensorSpec tensor, int size) {
        return new Shape(size).addAll(tensor.shape());
    }

    public int slots() {
        return slots;
    }

    /** The states of some slots for one step; the slots must be distinct. */
    public ArenaStates open(int[] chosen) {
        return new ArenaStates(spec, tensors, kernel, chosen, manager.newSubManager());
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
        }
    }

    private void checkLength(byte[] state) {
        if (state.length != spec.bytesPerKey()) {
            throw new IllegalStateException(
                    "a stored state has " + state.length + " bytes, the model keeps " + spec.bytesPerKey());
        }
    }

    /** Copies the states of slots to the host. */
    public List<byte[]> read(int[] chosen) {
        List<byte[]> states = new ArrayList<>(chosen.length);
        for (int from = 0; from < chosen.length; from += COPY_CHUNK) {
            readChunk(java.util.Arrays.copyOfRange(chosen, from, Math.min(chosen.length, from + COPY_CHUNK)), states);
        }
        return states;
    }

    private void readChunk(int[] chosen, List<byte[]> states) {
        int perKey = Math.toIntExact(spec.bytesPerKey());
        int first = states.size();
        for (int i = 0; i < chosen.length; i++) {
            states.add(new byte[perKey]);
        }
        try (NDManager step = manager.newSubManager()) {
            NDArray index =
                    step.create(java.util.Arrays.stream(chosen).asLongStream().toArray());
            int offset = 0;
            for (int t = 0; t < tensors.size(); t++) {
                int bytes = Math.toIntExact(spec.tensors().get(t).bytes());
                ByteBuffer rows = kernel.gather(tensors.get(t), index, step).toByteBuffer();
                for (int i = 0; i < chosen.length; i++) {
                    rows.get(i * bytes, states.get(first + i), offset, bytes);
                }
                offset += bytes;
            }
        }
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
