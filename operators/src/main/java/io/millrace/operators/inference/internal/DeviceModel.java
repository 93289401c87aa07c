package io.millrace.operators.inference.internal;

import java.util.List;
import java.util.function.Predicate;

import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.arena.ArenaLoad;
import io.millrace.operators.inference.arena.StateCopy;

/**
 * A model on its device with the states of its keys in numbered slots. All calls come from the thread of the device, but
 * for {@link #fetch} and what does not touch the device.
 *
 * @param <I> model input
 * @param <O> model output
 */
public interface DeviceModel<I, O> extends AutoCloseable {

    /** States that have been gathered ahead of their step. */
    interface Fetched extends AutoCloseable {
        @Override
        void close();
    }

    ModelId id();

    /** What it keeps of each key. */
    StateSpec stateSpec();

    /**
     * Gathers the states of some slots ahead, while another step may be running on other slots.
     *
     * @return null where that brings nothing
     */
    Fetched fetch(int[] slots);

    /**
     * Runs a step.
     *
     * @param inputs inputs, each of another key
     * @param slots slots of their keys; empty for a stateless model
     * @param fetched what {@link #fetch} gave for these slots, or null; closed here
     * @param keep whether the outputs are good; if not, the states stay as they were
     * @return the outputs
     */
    List<O> step(List<I> inputs, int[] slots, Fetched fetched, Predicate<List<O>> keep);

    /** Puts states into slots. */
    void load(List<ArenaLoad> loads);

    /** Whole copies of the states in slots. */
    List<byte[]> read(int[] slots);

    /** Copies of the states in slots to be stored: the change since the last copy, or the whole where that is wanted. */
    List<StateCopy> save(int[] slots, boolean[] whole);

    /**
     * Tries the model on inputs of its own, beside all slots.
     *
     * @throws RuntimeException if it does not answer them as it should
     */
    void trial();

    boolean isFinite(O output);

    /**
     * Serves another model with the states as they are. This one's model is closed.
     *
     * @throws IllegalArgumentException if the two keep different states; nothing has changed then
     */
    DeviceModel<I, O> migrate(StreamingModel<I, O> next);

    @Override
    void close();
}
