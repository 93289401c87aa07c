package io.millrace.operators.inference.internal;

import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.RolloutCommand;

/**
 * A model that is ready to serve.
 *
 * @param command the order that it was loaded for
 * @param model the model
 * @param hosted the model on its device with room for states; null where it goes on with those of the model before
 * @param <I> model input
 * @param <O> model output
 */
public record Candidate<I, O>(RolloutCommand command, StreamingModel<I, O> model, DeviceModel<I, O> hosted)
        implements AutoCloseable {

    @Override
    public void close() {
        if (hosted != null) {
            hosted.close();
        } else {
            model.close();
        }
    }
}
