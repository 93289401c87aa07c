package io.millrace.models.streaming;

import java.util.List;

import ai.djl.Device;
import org.apiguardian.api.API;

/**
 * A network that runs step by step over many keyed streams at once.
 *
 * <p>A step takes one input of each of B different keys together with the states of those keys, and gives one output a
 * key. It must be deterministic in (state, input, weights), since a step may be repeated after a failure. Threads: one
 * instance is called by one thread at a time; instances may share weights.
 *
 * @param <I> input of one record, plain data on the host
 * @param <O> output of one record, plain data on the host
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface StreamingModel<I, O> extends AutoCloseable {

    /** Name and version of the weights. */
    ModelId id();

    /** Device that steps run on. */
    Device device();

    /** Per-key state; {@link StateSpec#STATELESS} for a network without. */
    StateSpec stateSpec();

    /**
     * Runs one step.
     *
     * @param inputs B inputs, each of another key
     * @param states the states of those keys, in the same order
     * @return B outputs, in the same order
     * @throws RuntimeException if the batch cannot be run; no state has changed then
     */
    List<O> step(List<I> inputs, StateBatch states);

    /**
     * Inputs by which to try whether model and device work at all: some short streams of one key each, every one from its
     * first input on. A working model answers each with finite numbers. Empty where there is nothing to try.
     */
    default List<List<I>> trialInputs() {
        return List.of();
    }

    /** Whether every number of an output is finite; an output that is not never leaves as a result. */
    boolean isFinite(O output);

    /** Frees what this instance holds. Shared weights go with the last instance. */
    @Override
    void close();
}
