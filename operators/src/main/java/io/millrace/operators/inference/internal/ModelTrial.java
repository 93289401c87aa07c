package io.millrace.operators.inference.internal;

import java.util.List;

import ai.djl.ndarray.NDManager;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.StreamingModel;

/** Tries a model on its own {@linkplain StreamingModel#trialInputs() trial inputs}: what does not work shows here. */
public final class ModelTrial {

    private ModelTrial() {}

    /**
     * Runs every trial stream, for two keys at a time.
     *
     * @throws RuntimeException if a step fails or gives numbers that are not finite
     */
    public static <I, O> void run(StreamingModel<I, O> model) {
        for (List<I> stream : model.trialInputs()) {
            if (model.stateSpec().isStateless()) {
                for (I input : stream) {
                    try (StatelessBatch none = new StatelessBatch(2, model.device())) {
                        check(model, model.step(List.of(input, input), none));
                    }
                }
                continue;
            }
            try (NDManager manager = NDManager.newBaseManager(model.device());
                    DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 2, manager)) {
                for (I input : stream) {
                    check(model, model.step(List.of(input, input), states));
                    states.commit();
                }
            }
        }
    }

    private static <I, O> void check(StreamingModel<I, O> model, List<O> outputs) {
        for (O output : outputs) {
            if (!model.isFinite(output)) {
                throw new IllegalStateException(model.id() + " gives numbers that are not finite on its trial inputs");
            }
        }
    }
}
