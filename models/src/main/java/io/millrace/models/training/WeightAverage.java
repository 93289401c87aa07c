package io.millrace.models.training;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.checkpoint.HostTensor;

/** Moving average of the weights of a training, which errs less than those of any one step. */
public final class WeightAverage {

    private static final double DECAY = 0.998;

    private final Map<String, NDArray> weights;
    private final Map<String, NDArray> averages = new LinkedHashMap<>();

    /** {@code before}: averages to go on from; null to begin with the weights. */
    public WeightAverage(Map<String, NDArray> weights, Map<String, HostTensor> before, NDManager manager) {
        this.weights = weights;
        weights.forEach((name, weight) -> {
            NDArray average =
                    before == null ? weight.duplicate() : before.get(name).toArray(manager);
            average.attach(manager);
            averages.put(name, average);
        });
    }

    /** Takes the weights of an update in; the first updates count more. */
    public void update(int step, NDManager manager) {
        float decay = (float) Math.min(DECAY, (1.0 + step) / (10 + step));
        try (NDManager scratch = manager.newSubManager()) {
            weights.forEach((name, weight) -> {
                NDArray share = scratch.create(1 - decay).mul(weight);
                averages.get(name).muli(decay).addi(share);
            });
        }
    }

    /** The averages, by name; they change with the next update. */
    public Map<String, NDArray> averages() {
        return averages;
    }
}
