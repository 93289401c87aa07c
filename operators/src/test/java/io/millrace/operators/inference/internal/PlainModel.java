package io.millrace.operators.inference.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.streaming.TensorSpec;
import io.millrace.operators.inference.arena.ArenaLoad;
import io.millrace.operators.inference.arena.StateCopy;

/**
 * A model whose state is one number and whose slots are an array: everything that an inference loop sees of a device,
 * without one. The state is a hash of all inputs since the key began.
 */
final class PlainModel implements DeviceModel<Long, Long> {

    static final long POISON = -1;
    private static final StateSpec SPEC = new StateSpec(List.of(new TensorSpec("hash", DataType.INT64, new Shape(1))));

    private final Loaded model;
    private final long[] slots;
    private final BooleanSupplier faulty;
    private boolean closed;

    /** {@code faulty}: whether the next step fails for no fault of a record. */
    PlainModel(Loaded model, int slots, BooleanSupplier faulty) {
        this(model, new long[slots], faulty);
    }

    private PlainModel(Loaded model, long[] slots, BooleanSupplier faulty) {
        this.model = model;
        this.slots = slots;
        this.faulty = faulty;
    }

    /** What a state is after an input. */
    static long next(long hash, long input, String version) {
        return hash * 1_000_003 + input * 31 + version.hashCode();
    }

    /** A model before it has slots. */
    record Loaded(ModelId id) implements StreamingModel<Long, Long> {
        @Override
        public Device device() {
            return Device.cpu();
        }

        @Override
        public StateSpec stateSpec() {
            return SPEC;
        }

        @Override
        public List<Long> step(List<Long> inputs, StateBatch states) {
            throw new UnsupportedOperationException("a plain model runs in its slots");
        }

        @Override
        public boolean isFinite(Long output) {
            return true;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    private void use() {
        if (closed) {
            throw new AssertionError(model.id() + " is used after it was closed");
        }
    }

    @Override
    public ModelId id() {
        return model.id();
    }

    @Override
    public StateSpec stateSpec() {
        return SPEC;
    }

    @Override
    public Fetched fetch(int[] chosen) {
        use();
        return null;
    }

    @Override
    public List<Long> step(List<Long> inputs, int[] chosen, Fetched fetched, Predicate<List<Long>> keep) {
        use();
        if (faulty.getAsBoolean()) {
            throw new IllegalStateException("a fault that passes");
        }
        if (inputs.contains(POISON)) {
            throw new IllegalArgumentException("poison in the batch");
        }
        List<Long> outputs = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            outputs.add(next(slots[chosen[i]], inputs.get(i), model.id().version()));
        }
        if (keep.test(outputs)) {
            for (int i = 0; i < chosen.length; i++) {
                slots[chosen[i]] = outputs.get(i);
            }
        }
        return outputs;
    }

    @Override
    public void load(List<ArenaLoad> loads) {
        use();
        for (ArenaLoad load : loads) {
            slots[load.slot()] =
                    load.tensors() == null ? 0 : ByteBuffer.wrap(load.tensors()).getLong();
        }
    }

    @Override
    public List<byte[]> read(int[] chosen) {
        use();
        List<byte[]> states = new ArrayList<>();
        for (int slot : chosen) {
            states.add(ByteBuffer.allocate(Long.BYTES).putLong(slots[slot]).array());
        }
        return states;
    }

    /** Some copies are changes: a replaced tensor. */
    @Override
    public List<StateCopy> save(int[] chosen, boolean[] whole) {
        List<byte[]> states = read(chosen);
        List<StateCopy> copies = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            copies.add(
                    whole[i]
                            ? new StateCopy(true, states.get(i))
                            : new StateCopy(
                                    false,
                                    ByteBuffer.allocate(1 + Long.BYTES)
                                            .put((byte) 1)
                                            .put(states.get(i))
                                            .array()));
        }
        return copies;
    }

    @Override
    public void trial() {
        use();
    }

    @Override
    public boolean isFinite(Long output) {
        return true;
    }

    @Override
    public DeviceModel<Long, Long> migrate(StreamingModel<Long, Long> next) {
        use();
        closed = true;
        return new PlainModel((Loaded) next, slots, faulty);
    }

    @Override
    public void close() {
        use();
        closed = true;
    }
}
