package io.millrace.operators.inference;

import java.io.Serializable;

import ai.djl.Device;
import io.millrace.models.streaming.StreamingModel;
import org.apiguardian.api.API;

/**
 * Loads a version of a model. The operator tries it on its trial inputs before it serves. Called by the task thread when the
 * operator opens, and by a thread of its own for an order.
 *
 * @param <I> model input
 * @param <O> model output
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
@FunctionalInterface
public interface ModelLoader<I, O> extends Serializable {

    /**
     * Loads a model.
     *
     * @param reference what to load
     * @param device device to load it on
     * @return an instance for one operator subtask; weights may be shared with other instances
     * @throws Exception if it cannot be loaded, or is not what the reference says
     */
    StreamingModel<I, O> load(ModelReference reference, Device device) throws Exception;
}
