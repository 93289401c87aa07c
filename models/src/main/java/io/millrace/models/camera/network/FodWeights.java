package io.millrace.models.camera.network;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

import ai.djl.ndarray.types.Shape;
import io.millrace.models.checkpoint.HostTensor;

/**
 * The weights of a {@link Fod} by name: {@code LEVEL.} and the name in the state dictionary of the reference
 * implementation.
 */
public final class FodWeights {

    private FodWeights() {}

    /** Shapes of the weights of a level, by name without the level. */
    static Map<String, Shape> shapes(FodConfig config, int level) {
        FodConfig.Level sizes = config.levels().get(level);
        int d = sizes.width();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        for (String embedding : new String[] {"embedding", "ref_embedding"}) {
            shapes.put(embedding + ".project_embedding.project.weight", new Shape(d, sizes.channels(), 1));
            shapes.put(embedding + ".project_embedding.project.bias", new Shape(d));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            String prefix = "encoder.encode_layers." + layer + '.';
            if (config.intra()) {
                attention(prefix + "self_attention.", config, d, shapes);
            }
            if (config.inter()) {
                attention(prefix + "cross_attention.", config, d, shapes);
            }
            linear(prefix + "ffn.fc1", d, d * config.feedForwardRatio(), shapes);
            linear(prefix + "ffn.fc2", d * config.feedForwardRatio(), d, shapes);
            norm(prefix + "norm1", d, shapes);
            norm(prefix + "norm2", d, shapes);
        }
        norm("encoder.norm", d, shapes);
        linear("projection", d, sizes.channels(), shapes);
        return shapes;
    }

    private static void attention(String prefix, FodConfig config, int d, Map<String, Shape> shapes) {
        for (String projection : new String[] {"query", "key", "value"}) {
            linear(prefix + projection + "_projection", d, d, shapes);
        }
        linear(prefix + "sigma_projection", d, 2 * config.heads(), shapes);
        if (config.outputProjection()) {
            linear(prefix + "out_projection", d, d, shapes);
        }
    }

    private static void linear(String name, int in, int out, Map<String, Shape> shapes) {
        shapes.put(name + ".weight", new Shape(out, in));
        shapes.put(name + ".bias", new Shape(out));
    }

    private static void norm(String name, int d, Map<String, Shape> shapes) {
        shapes.put(name + ".weight", new Shape(d));
        shapes.put(name + ".bias", new Shape(d));
    }

    /**
     * Refuses weights that are not those of a network of these sizes.
     *
     * @throws IllegalArgumentException naming every weight that is missing, of another shape or unknown
     */
    public static void check(FodConfig config, Map<String, HostTensor> weights) {
        TreeSet<String> wrong = new TreeSet<>();
        TreeSet<String> unknown = new TreeSet<>(weights.keySet());
        for (int level = 0; level < config.levels().size(); level++) {
            String prefix = level + ".";
            shapes(config, level).forEach((name, shape) -> {
                HostTensor tensor = weights.get(prefix + name);
                unknown.remove(prefix + name);
                if (tensor == null) {
                    wrong.add(prefix + name + " is missing");
                } else if (!Arrays.equals(tensor.shape(), shape.getShape())) {
                    wrong.add(prefix + name + " has shape " + Arrays.toString(tensor.shape()) + " instead of " + shape);
                }
            });
        }
        unknown.forEach(name -> wrong.add(name + " is not part of the network"));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("the weights do not fit: " + String.join("; ", wrong));
        }
    }

    /** Random weights as the reference implementation begins with: uniform within one over the root of the inputs. */
    public static Map<String, HostTensor> random(FodConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        for (int level = 0; level < config.levels().size(); level++) {
            Map<String, Shape> shapes = shapes(config, level);
            for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
                String name = entry.getKey();
                float[] values = new float[Math.toIntExact(entry.getValue().size())];
                if (name.contains("norm")) {
                    Arrays.fill(values, name.endsWith("weight") ? 1 : 0);
                } else {
                    Shape weight = shapes.get(name.replace(".bias", ".weight"));
                    float bound = (float) (1 / Math.sqrt(weight.get(1)));
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (2 * random.nextFloat() - 1) * bound;
                    }
                }
                weights.put(
                        level + "." + name,
                        HostTensor.of(values, entry.getValue().getShape()));
            }
        }
        return weights;
    }
}
