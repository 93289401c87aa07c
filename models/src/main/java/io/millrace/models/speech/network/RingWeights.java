package io.millrace.models.speech.network;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;

/** Weights of the conformer layers as {@link RingKernelText} takes them: so many a layer, in the order in which it uses them. */
final class RingWeights {

    /** Arrays of a layer. */
    static final int PER_LAYER = 34;

    private final FastConformerConfig config;
    private final Map<String, NDArray> weights;
    private final NDManager owner;
    private final NDList packed = new NDList();

    RingWeights(FastConformerConfig config, Map<String, NDArray> weights, NDManager owner) {
        this.config = config;
        this.weights = weights;
        this.owner = owner;
        packed.add(headMask());
        for (int i = 0; i < config.layers(); i++) {
            layer("encoder.layers." + i + ".");
        }
    }

    /** The mask of heads, then the layers' arrays; they belong to the manager given. */
    NDList packed() {
        return packed;
    }

    /** Positions [P, d] as layer {@code i} projects them. */
    NDArray projected(int i, NDArray positions) {
        return Linear.linear(positions, weights.get("encoder.layers." + i + ".self_attn.linear_pos.weight"), null)
                .singletonOrThrow();
    }

    /** [h, d], 1 where a channel is of the head. */
    private NDArray headMask() {
        float[] mask = new float[config.heads() * config.width()];
        for (int channel = 0; channel < config.width(); channel++) {
            mask[channel / config.headWidth() * config.width() + channel] = 1;
        }
        return owner.create(mask, new Shape(config.heads(), config.width()));
    }

    private void layer(String name) {
        int first = packed.size();
        float scale = (float) (1 / Math.sqrt(config.headWidth()));
        norm(name + "norm_feed_forward1");
        linear(name + "feed_forward1.linear1", 1);
        linear(name + "feed_forward1.linear2", 0.5f);
        norm(name + "norm_self_att");
        linear(name + "self_attn.linear_q", scale);
        add(weights.get(name + "self_attn.pos_bias_u").reshape(1, 1, -1).mul(scale));
        add(weights.get(name + "self_attn.pos_bias_v").reshape(1, 1, -1).mul(scale));
        add(weights.get(name + "self_attn.linear_k.weight").concat(weights.get(name + "self_attn.linear_v.weight"), 0));
        add(bias(name + "self_attn.linear_k").concat(bias(name + "self_attn.linear_v"), 0));
        linear(name + "self_attn.linear_out", 1);
        norm(name + "norm_conv");
        linear(name + "conv.pointwise_conv1", 1);
        add(weights.get(name + "conv.depthwise_conv.weight").reshape(config.width(), 1, config.kernel()));
        add(bias(name + "conv.depthwise_conv"));
        convolutionNorm(name + "conv.batch_norm");
        linear(name + "conv.pointwise_conv2", 1);
        norm(name + "norm_feed_forward2");
        linear(name + "feed_forward2.linear1", 1);
        linear(name + "feed_forward2.linear2", 0.5f);
        norm(name + "norm_out");
        if (packed.size() - first != PER_LAYER) {
            throw new IllegalStateException("a layer has " + (packed.size() - first) + " arrays");
        }
    }

    private void add(NDArray array) {
        NDArray copy = array.duplicate();
        copy.attach(owner);
        packed.add(copy);
        array.close();
    }

    private void norm(String name) {
        add(weights.get(name + ".weight").duplicate());
        add(weights.get(name + ".bias").duplicate());
    }

    /** A linear map [out, in] and its bias, both times a factor. */
    private void linear(String name, float scale) {
        NDArray weight = weights.get(name + ".weight");
        try (NDArray matrix = weight.reshape(weight.getShape().get(0), -1)) {
            add(matrix.mul(scale));
        }
        try (NDArray bias = bias(name)) {
            add(bias.mul(scale));
        }
    }

    /** A copy of a bias; zeros for a map without one. */
    private NDArray bias(String name) {
        NDArray bias = weights.get(name + ".bias");
        return bias != null
                ? bias.duplicate()
                : owner.zeros(new Shape(weights.get(name + ".weight").getShape().get(0)));
    }

    /** Weight and bias; of fixed statistics, what they come to as a factor and a sum. */
    private void convolutionNorm(String name) {
        if (config.convolutionNorm() == ConvolutionNorm.LAYER_NORM) {
            norm(name);
            return;
        }
        try (NDArray variance = weights.get(name + ".running_var").add(FastConformerConfig.EPSILON);
                NDArray deviation = variance.sqrt();
                NDArray scale = weights.get(name + ".weight").div(deviation);
                NDArray shift = weights.get(name + ".running_mean").mul(scale)) {
            add(scale.duplicate());
            add(weights.get(name + ".bias").sub(shift));
        }
    }
}
