package io.millrace.models.speech.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.checkpoint.HostTensor;

/** Weights of a {@link FastConformer} by name: checks, arrays of the engine, and random ones to begin with. */
public final class FastConformerWeights {

    private FastConformerWeights() {}

    /**
     * Compares names and shapes with what a configuration asks for.
     *
     * @return names that the network has no use for, such as the front end's or a table of positions
     * @throws IllegalArgumentException naming what is missing or of another shape
     */
    public static Set<String> check(FastConformerConfig config, Map<String, HostTensor> weights) {
        Map<String, Shape> expected = new LinkedHashMap<>(config.parameterShapes());
        expected.putAll(config.statisticShapes());
        Set<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(weights.keySet());
        Set<String> unused = new TreeSet<>(weights.keySet());
        unused.removeAll(expected.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(missing.size() + " weights of the network are missing: " + missing
                    + (unused.isEmpty() ? "" : "; there are others: " + unused));
        }
        expected.forEach((name, shape) -> {
            HostTensor tensor = weights.get(name);
            if (!Arrays.equals(tensor.shape(), shape.getShape())) {
                throw new IllegalArgumentException("weight " + name + " must be " + shape + ", got " + tensor);
            }
        });
        return unused;
    }

    /** Arrays of the network's weights, which belong to the manager. */
    public static Map<String, NDArray> arrays(
            FastConformerConfig config, Map<String, HostTensor> weights, NDManager manager) {
        Set<String> unused = check(config, weights);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> {
            if (!unused.contains(name)) {
                arrays.put(name, tensor.toArray(manager));
            }
        });
        return arrays;
    }

    /** Seeded weights to begin training with: uniform within 1 / sqrt(inputs); norms and statistics as if absent. */
    public static Map<String, HostTensor> random(FastConformerConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        config.parameterShapes().forEach((name, shape) -> {
            float[] values = new float[Math.toIntExact(shape.size())];
            if (name.matches(".*(norm_\\w+|batch_norm)\\.weight")) {
                Arrays.fill(values, 1);
            } else if (!name.endsWith(".bias") && !name.contains("bias_")) {
                float bound = (float) (1 / Math.sqrt(inputs(name, shape)));
                for (int i = 0; i < values.length; i++) {
                    values[i] = (2 * random.nextFloat() - 1) * bound;
                }
            }
            weights.put(name, HostTensor.of(values, shape.getShape()));
        });
        config.statisticShapes().forEach((name, shape) -> {
            float[] values = new float[Math.toIntExact(shape.size())];
            Arrays.fill(values, name.endsWith("running_var") ? 1 : 0);
            weights.put(name, HostTensor.of(values, shape.getShape()));
        });
        return weights;
    }

    private static long inputs(String name, Shape shape) {
        return name.endsWith("embed.weight") ? 1 : shape.size() / shape.get(0);
    }
}
