package io.millrace.models.speech.network;

import java.util.Map;
import java.util.function.BiConsumer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;

/** Elementary layers over weights by name; one without a bias is used without. */
final class ConformerLayers {

    private static final Shape ONE = new Shape(1);

    private final Map<String, NDArray> weights;
    private final float dropout;
    private final BiConsumer<String, NDArray> trace;

    /**
     * ConformerLayers over weights.
     *
     * @param dropout share of activations dropped; 0 outside training
     * @param trace is told intermediate results; may be null
     */
    ConformerLayers(Map<String, NDArray> weights, float dropout, BiConsumer<String, NDArray> trace) {
        this.weights = weights;
        this.dropout = dropout;
        this.trace = trace;
    }

    /** Tells an intermediate result to whoever wants it. */
    NDArray traced(String name, NDArray x) {
        if (trace != null) {
            trace.accept(name, x);
        }
        return x;
    }

    NDArray weight(String name) {
        NDArray weight = weights.get(name);
        if (weight == null) {
            throw new IllegalStateException("no weight " + name);
        }
        return weight;
    }

    /** [..., in] to [..., out]. */
    NDArray linear(String name, NDArray x) {
        return linearOf(x, name + ".weight", name + ".bias");
    }

    /** The same by the full names of weight and bias. */
    NDArray linearOf(NDArray x, String weight, String bias) {
        return Linear.linear(x, weight(weight), weights.get(bias)).singletonOrThrow();
    }

    /** A convolution that is a linear map of the last axis, whatever the dimensions of its weight: [..., out]. */
    NDArray pointwise(String name, NDArray x) {
        long outputs = weight(name + ".weight").getShape().get(0);
        return Linear.linear(x, viewed(name + ".weight", x, outputs, -1), weights.get(name + ".bias"))
                .singletonOrThrow();
    }

    /** A weight in another shape, which lives as long as {@code x}: views of it would else gather beside the weight. */
    NDArray viewed(String name, NDArray x, long... shape) {
        NDArray view = weight(name).reshape(shape);
        view.attach(x.getManager());
        return view;
    }

    NDArray norm(String name, NDArray x) {
        return LayerNorm.layerNorm(
                        x,
                        x.getShape().slice(x.getShape().dimension() - 1),
                        weight(name + ".weight"),
                        weight(name + ".bias"),
                        FastConformerConfig.EPSILON)
                .singletonOrThrow();
    }

    /** Fixed statistics over the last axis. */
    NDArray fixedNorm(String name, NDArray x) {
        NDArray scale = x.getManager()
                .create(FastConformerConfig.EPSILON)
                .add(weight(name + ".running_var"))
                .pow(-0.5)
                .mul(weight(name + ".weight"));
        return x.sub(weight(name + ".running_mean")).mul(scale).add(weight(name + ".bias"));
    }

    /** A convolution of each channel of [B, C, T, F] with itself, without padding. */
    NDArray depthwise2d(String name, NDArray x, int stride) {
        return Conv2d.conv2d(
                        x,
                        weight(name + ".weight"),
                        weights.get(name + ".bias"),
                        new Shape(stride, stride),
                        new Shape(0, 0),
                        new Shape(1, 1),
                        Math.toIntExact(x.getShape().get(1)))
                .singletonOrThrow();
    }

    /** A convolution of each channel of [B, C, T] with itself, without padding. */
    NDArray depthwise(String name, NDArray x) {
        return Conv1d.conv1d(
                        x,
                        weight(name + ".weight"),
                        weights.get(name + ".bias"),
                        ONE,
                        new Shape(0),
                        ONE,
                        Math.toIntExact(x.getShape().get(1)))
                .singletonOrThrow();
    }

    NDArray dropout(NDArray x) {
        return dropout > 0 ? Dropout.dropout(x, dropout, true).singletonOrThrow() : x;
    }

    static NDArray swish(NDArray x) {
        return x.mul(x.getNDArrayInternal().sigmoid());
    }

    /** [B, T], 1 before the length of each row and 0 from there on. */
    static NDArray valid(NDManager manager, long[] lengths, long steps) {
        float[] mask = new float[Math.toIntExact(lengths.length * steps)];
        for (int b = 0; b < lengths.length; b++) {
            int from = Math.toIntExact(b * steps);
            java.util.Arrays.fill(mask, from, from + Math.toIntExact(Math.min(lengths[b], steps)), 1);
        }
        return manager.create(mask, new Shape(lengths.length, steps));
    }
}
