package io.millrace.models.intrusion.network;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.checkpoint.HostTensor;

/** Weights of a {@link CausalFlowTransformer} by name: checks, and random ones for tests and benchmarks. */
public final class CausalFlowWeights {

    private CausalFlowWeights() {}

    /**
     * Compares names, types and shapes with what a configuration asks for.
     *
     * @throws IllegalArgumentException naming what is missing, unknown or of another shape
     */
    public static void check(CausalFlowConfig config, Map<String, HostTensor> weights) {
        Map<String, Shape> expected = config.parameterShapes();
        Set<String> unknown = new HashSet<>(weights.keySet());
        unknown.removeAll(expected.keySet());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("weights that the network does not have: " + unknown);
        }
        expected.forEach((name, shape) -> {
            HostTensor tensor = weights.get(name);
            if (tensor == null) {
                throw new IllegalArgumentException("weight " + name + " is missing");
            }
            if (tensor.type() != DataType.FLOAT32 || !Arrays.equals(tensor.shape(), shape.getShape())) {
                throw new IllegalArgumentException("weight " + name + " must be float32 " + shape + ", got " + tensor);
            }
        });
    }

    /** Seeded random weights of a scale that keeps activations near one. */
    public static Map<String, HostTensor> random(CausalFlowConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        config.parameterShapes().forEach((name, shape) -> {
            float[] values = new float[(int) shape.size()];
            double scale = name.endsWith(".weight") ? 1 / Math.sqrt(shape.get(1)) : 0.3;
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * scale + (name.endsWith(".gamma") ? 1 : 0));
            }
            weights.put(name, HostTensor.of(values, shape.getShape()));
        });
        return weights;
    }
}
