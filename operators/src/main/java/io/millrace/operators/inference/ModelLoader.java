package io.millrace.operators.inference;

import java.io.Serializable;

import ai.djl.Device;
import io.millrace.models.streaming.StreamingModel;

/**
 * Loads a version of a model and readies it for its first batch. Called off the task thread.
 *
 * @param <I> model input
 * @param <O> model output
 */
@FunctionalInterface
public interface ModelLoader<I, O> extends Serializable {

    /**
     * Loads and warms a model.
     *
     * @param reference what to load
     * @param device device to load it on
     * @return an instance for one operator subtask; weights may be shared with other instances
     * @throws Exception if it cannot be loaded, is not what the reference says, or fails on a trial input
     */
    StreamingModel<I, O> load(ModelReference reference, Device device) throws Exception;
}
