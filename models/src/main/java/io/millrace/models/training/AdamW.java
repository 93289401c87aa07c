package io.millrace.models.training;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.checkpoint.HostTensor;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) whose moments can be saved, which the library's optimizer keeps to
 * itself; with the gradient of all weights cut to a norm. Weights of one dimension do not decay.
 */
public final class AdamW {

    private static final float BETA1 = 0.9f;
    private static final double BETA2 = 0.98;
    private static final double PLAIN_BETA2 = 0.999;
    private static final float EPSILON = 1e-8f;
    private static final String FIRST = "first.";
    private static final String SECOND = "second.";

    private final Map<String, NDArray> weights;
    private final float decay;
    private final float clip;
    private final float beta2;
    private final Map<String, NDArray> moments = new LinkedHashMap<>();

    /**
     * An optimizer of arrays that require gradients.
     *
     * @param moments what {@link #moments()} gave; null to begin
     */
    public AdamW(
            Map<String, NDArray> weights,
            double decay,
            double clip,
            Map<String, HostTensor> moments,
            NDManager manager) {
        this(weights, decay, clip, BETA2, moments, manager);
    }

    private AdamW(
            Map<String, NDArray> weights,
            double decay,
            double clip,
            double beta2,
            Map<String, HostTensor> moments,
            NDManager manager) {
        this.beta2 = (float) beta2;
        this.weights = weights;
        this.decay = (float) decay;
        this.clip = (float) clip;
        weights.forEach((name, weight) -> {
            for (String which : new String[] {FIRST, SECOND}) {
                this.moments.put(
                        which + name,
                        moments == null
                                ? manager.zeros(weight.getShape())
                                : moments.get(which + name).toArray(manager));
            }
        });
    }

    /**
     * Adam with its usual means (0.9 and 0.999), without decay or cut (Kingma and Ba, arXiv 1412.6980).
     *
     * @param weights arrays that require gradients
     */
    public static AdamW plain(Map<String, NDArray> weights, NDManager manager) {
        return new AdamW(weights, 0, Double.POSITIVE_INFINITY, PLAIN_BETA2, null, manager);
    }

    /** Means and mean squares of the gradients so far, by the weights' names. */
    public Map<String, HostTensor> moments() {
        Map<String, HostTensor> copies = new LinkedHashMap<>();
        moments.forEach((name, moment) -> copies.put(name, HostTensor.of(moment)));
        return copies;
    }

    /**
     * Changes the weights by their gradients, which are zero afterwards.
     *
     * @param step number of the update, from 1
     * @return norm of the gradient before it was cut
     */
    public double update(int step, double learningRate, NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            Map<String, NDArray> gradients = new LinkedHashMap<>();
            double squares = 0;
            for (Map.Entry<String, NDArray> weight : weights.entrySet()) {
                NDArray gradient = weight.getValue().getGradient();
                gradient.attach(scratch);
                gradients.put(weight.getKey(), gradient);
                squares += gradient.square().sum().getFloat();
            }
            double norm = Math.sqrt(squares);
            float cut = (float) (norm > clip ? clip / norm : 1);
            if (Double.isFinite(norm)) {
                weights.forEach((name, weight) -> update(name, weight, gradients.get(name), cut, step, learningRate));
            }
            gradients.values().forEach(gradient -> gradient.subi(gradient));
            return norm;
        }
    }

    private void update(String name, NDArray weight, NDArray gradient, float cut, int step, double learningRate) {
        NDArray g = gradient.mul(cut);
        NDArray first = moments.get(FIRST + name);
        NDArray second = moments.get(SECOND + name);
        first.muli(BETA1).addi(g.mul(1 - BETA1));
        second.muli(beta2).addi(g.square().muli(1 - beta2));
        float firstUnbiased = (float) (1 / (1 - Math.pow(BETA1, step)));
        float secondUnbiased = (float) (1 / (1 - Math.pow(beta2, step)));
        NDArray change =
                g.getManager().create(secondUnbiased).mul(second).sqrt().addi(EPSILON);
        change = g.getManager()
                .create((float) learningRate * firstUnbiased)
                .mul(first)
                .divi(change);
        if (weight.getShape().dimension() > 1 && decay > 0) {
            weight.muli((float) (1 - learningRate * decay));
        }
        weight.subi(change);
    }
}
