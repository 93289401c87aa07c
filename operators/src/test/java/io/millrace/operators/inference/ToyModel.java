package io.millrace.operators.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.models.streaming.TensorSpec;

/**
 * A network of whole numbers, so that outputs can be compared exactly: a hash of everything the key has seen, and a
 * ring of its last three inputs. {@link Reference} computes the same without tensors.
 */
final class ToyModel implements StreamingModel<Long, Double> {

    static final long POISON = -1;
    static final long NOT_A_NUMBER = -2;
    /** An ordinary input, but the step waits for {@link #gate}. */
    static final long SLOW = 7_777_777;

    static final int RING = 3;
    static final int MODULUS = 1_000_003;
    static final StateSpec STATE = new StateSpec(List.of(
            new TensorSpec("hash", DataType.INT64, new Shape(1)),
            new TensorSpec("count", DataType.INT64, new Shape(1)),
            new TensorSpec("ring", DataType.INT64, new Shape(RING))));
    static final AtomicInteger OPEN = new AtomicInteger();
    static final AtomicInteger LOADS = new AtomicInteger();
    /** Models whose folder is not there. */
    static volatile java.util.Set<String> gone = java.util.Set.of();

    static volatile CountDownLatch gate = new CountDownLatch(0);

    /** Version that answers nothing, as if its device were gone; null for none. */
    static volatile String broken;

    private final ModelId id;
    private final int most;
    private final StateSpec spec;

    /** {@code most}: records from which on the pretended device runs out of memory. */
    ToyModel(ModelId id, int most, String layout) {
        this.id = id;
        this.most = most;
        this.spec = new StateSpec(STATE.tensors(), layout);
        OPEN.incrementAndGet();
    }

    static ModelReference reference(String version) {
        return new ModelReference("toy", version, "memory", "");
    }

    static StreamingModel<Long, Double> load(ModelReference reference, Device device) {
        LOADS.incrementAndGet();
        switch (reference.version()) {
            case "broken" -> throw new IllegalStateException("weights are missing");
            case "huge" -> throw new OutOfMemoryError("Java heap space");
            case "slow" -> awaitGate();
            default -> {}
        }
        if (gone.contains(reference.id().toString())) {
            throw new IllegalStateException("no such folder");
        }
        return new ToyModel(
                reference.id(),
                reference.location().equals("small-device") ? 8 : Integer.MAX_VALUE,
                reference.location().equals("other-layout") ? "another layout" : "");
    }

    private static void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException cancelled) {
            throw new IllegalStateException("cancelled", cancelled);
        }
    }

    private static long multiplier(String version) {
        return 31 + version.hashCode() % 7;
    }

    @Override
    public ModelId id() {
        return id;
    }

    @Override
    public Device device() {
        return Device.cpu();
    }

    @Override
    public StateSpec stateSpec() {
        return spec;
    }

    @Override
    public List<Double> step(List<Long> inputs, StateBatch states) {
        if (broken != null && broken.equals(id.version())) {
            throw new EngineException("CUDA error: device-side assert triggered");
        }
        if (inputs.size() > most) {
            throw new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB");
        }
        if (inputs.contains(POISON)) {
            throw new IllegalStateException("poison in the batch");
        }
        if (inputs.contains(SLOW)) {
            awaitGate();
        }
        int size = inputs.size();
        NDArray input = states.manager()
                .create(inputs.stream().mapToLong(Long::longValue).toArray(), new Shape(size, 1));
        NDArray ring = states.get(2);
        NDArray hash = states.get(0)
                .mul(multiplier(id.version()))
                .add(input)
                .add(ring.sum(new int[] {1}, true))
                .mod(MODULUS);
        NDArray count = states.get(1);
        states.put(0, hash);
        states.put(1, count.add(1L));
        states.putRow(2, count.mod(RING).flatten(), input.flatten());
        long[] outputs = hash.toLongArray();
        List<Double> result = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            result.add(inputs.get(i) == NOT_A_NUMBER ? Double.NaN : (double) outputs[i]);
        }
        return result;
    }

    @Override
    public List<List<Long>> trialInputs() {
        return List.of(List.of(0L, 1L));
    }

    @Override
    public boolean isFinite(Double output) {
        return Double.isFinite(output);
    }

    @Override
    public void close() {
        OPEN.decrementAndGet();
    }

    /** One key's stream, computed one by one. */
    static final class Reference {
        private long hash;
        private int count;
        private final long[] ring = new long[RING];

        /** The output for the next input; bad inputs leave the state as it is and give NaN. */
        double next(long input, String version) {
            if (input == POISON || input == NOT_A_NUMBER) {
                return Double.NaN;
            }
            long sum = 0;
            for (long value : ring) {
                sum += value;
            }
            hash = (hash * multiplier(version) + input + sum) % MODULUS;
            ring[count++ % RING] = input;
            return hash;
        }
    }
}
