package io.millrace.bench;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.intrusion.network.FlowOutput;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;

/** A model that also counts, now and then, the native arrays held by the manager above that of its step, and may be slowed down. */
final class ArrayCount implements StreamingModel<FlowInput, FlowOutput> {

    private static final int EVERY = 64;
    private static volatile long last;

    private final StreamingModel<FlowInput, FlowOutput> model;
    private final long nanosPerRecord;
    private int steps;

    /**
     * Counts beside a model.
     *
     * @param nanosPerRecord time that a step takes longer for each of its records, as a larger network's would
     */
    ArrayCount(StreamingModel<FlowInput, FlowOutput> model, long nanosPerRecord) {
        this.model = model;
        this.nanosPerRecord = nanosPerRecord;
    }

    static void reset() {
        last = 0;
    }

    /** Arrays at the last count. */
    static long last() {
        return last;
    }

    @Override
    public ModelId id() {
        return model.id();
    }

    @Override
    public Device device() {
        return model.device();
    }

    @Override
    public StateSpec stateSpec() {
        return model.stateSpec();
    }

    @Override
    public List<FlowOutput> step(List<FlowInput> inputs, StateBatch states) {
        if (steps++ % EVERY == 0) {
            NDManager manager = states.manager();
            last = manager.getParentManager().getManagedArrays().size();
        }
        if (nanosPerRecord > 0) {
            LockSupport.parkNanos(nanosPerRecord * inputs.size());
        }
        return model.step(inputs, states);
    }

    @Override
    public boolean isFinite(FlowOutput output) {
        return model.isFinite(output);
    }

    @Override
    public void close() {
        model.close();
    }
}
