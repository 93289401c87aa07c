package io.millrace.models.training;

import ai.djl.training.tracker.Tracker;

/** Learning rate that rises linearly over the first tenth of the steps and falls along a cosine to a hundredth. */
public record WarmCosine(float highest, int steps) implements Tracker {

    @Override
    public float getNewValue(int step) {
        double done = Math.min(1, step / (double) Math.max(1, steps));
        double factor = done < 0.1 ? 0.05 + 0.95 * done / 0.1 : 0.5 * (1 + Math.cos(Math.PI * (done - 0.1) / 0.9));
        return (float) (highest * Math.max(0.01, factor));
    }
}
