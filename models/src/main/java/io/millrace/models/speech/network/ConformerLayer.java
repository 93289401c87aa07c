package io.millrace.models.speech.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.torch.Scalars;

/**
 * One conformer layer: half a feed-forward part, attention, convolution, half a feed-forward part, norm (Gulati et al.,
 * arXiv 2005.08100), each with a residual around it, attention before convolution.
 */
final class ConformerLayer {

    private static final float HIDDEN_SCORE = -10_000;

    private final FastConformerConfig config;
    private final ConformerLayers layers;
    private final String name;
    private final String traceName;
    private final CacheContent content;

    ConformerLayer(FastConformerConfig config, ConformerLayers layers, int index, CacheContent content) {
        this.config = config;
        this.layers = layers;
        this.name = "encoder.layers." + index + ".";
        this.traceName = "layer" + index + "_";
        this.content = content;
    }

    /**
     * What the frames of a pass have in common.
     *
     * @param hidden float [B, 1, T, C + T], 1 where a key is hidden
     * @param valid float [B, T, 1], 0 for padding; null if there is none
     * @param positions sinusoids [C + 2 T - 1, d]
     */
    record Surroundings(NDArray hidden, NDArray valid, NDArray positions) {}

    /** Output of the layer and its cache afterwards: null where there was none. */
    record Result(NDArray output, LayerCache cache) {}

    /** {@code x}: [B, T, d]; {@code before}: null for a pass over whole sequences. */
    Result apply(NDArray x, Surroundings around, LayerCache before) {
        NDArray y = x.add(Scalars.times(feedForward("feed_forward1", x), 0.5));
        NDArray normed = norm("norm_self_att", y);
        NDArray fresh = remembered(normed);
        NDArray past = before == null ? fresh : before.past().concat(fresh, 1);
        y = y.add(layers.dropout(traced("self_attn", attend(normed, past, around))));
        NDArray inputs = convolutionInputs(norm("norm_conv", y), around.valid());
        NDArray padded = before == null
                ? inputs.pad(new Shape(config.kernel() - 1L, 0), 0)
                : before.convolution().concat(inputs, 2);
        y = y.add(layers.dropout(traced("conv", convolve(padded))));
        y = y.add(Scalars.times(feedForward("feed_forward2", y), 0.5));
        NDArray output = traced("out", layers.norm(name + "norm_out", y));
        if (before == null) {
            return new Result(output, null);
        }
        NDArray kept = last(past, 1, before.past().getShape().get(1));
        return new Result(output, new LayerCache(kept, last(padded, 2, config.kernel() - 1L)));
    }

    private static NDArray last(NDArray x, int axis, long count) {
        long size = x.getShape().get(axis);
        return x.get(":, " + (axis == 2 ? ":, " : "") + (size - count) + ":");
    }

    private NDArray feedForward(String part, NDArray x) {
        NDArray hidden = layers.linear(name + part + ".linear1", norm("norm_" + part, x));
        return layers.dropout(
                traced(part, layers.linear(name + part + ".linear2", layers.dropout(ConformerLayers.swish(hidden)))));
    }

    private NDArray norm(String part, NDArray x) {
        return traced(part, layers.norm(name + part, x));
    }

    private NDArray traced(String part, NDArray x) {
        return layers.traced(traceName + part, x);
    }

    /** What the cache keeps of normalised inputs [B, T, d]. */
    private NDArray remembered(NDArray normed) {
        return content == CacheContent.INPUTS
                ? normed
                : layers.linear(name + "self_attn.linear_k", normed)
                        .concat(layers.linear(name + "self_attn.linear_v", normed), 2);
    }

    private NDArray attend(NDArray normed, NDArray past, Surroundings around) {
        NDArray keys;
        NDArray values;
        if (content == CacheContent.INPUTS) {
            keys = layers.linear(name + "self_attn.linear_k", past);
            values = layers.linear(name + "self_attn.linear_v", past);
        } else {
            keys = past.get(":, :, :" + config.width());
            values = past.get(":, :, " + config.width() + ":");
        }
        NDArray query = layers.linear(name + "self_attn.linear_q", normed);
        NDArray positions = heads(layers.linear(name + "self_attn.linear_pos", around.positions())
                        .expandDims(0))
                .swapAxes(2, 3);
        NDArray byContent =
                heads(withBias(query, "pos_bias_u")).matMul(heads(keys).swapAxes(2, 3));
        NDArray byDistance = heads(withBias(query, "pos_bias_v")).matMul(positions);
        long window = keys.getShape().get(1);
        NDArray scores = Scalars.times(
                byContent.add(RelativePositions.shift(byDistance, window)), 1 / Math.sqrt(config.headWidth()));
        NDArray seen = around.hidden().mul(-1).add(1);
        NDArray shares = scores.mul(seen)
                .add(around.hidden().mul(HIDDEN_SCORE))
                .softmax(-1)
                .mul(seen);
        NDArray mixed = layers.dropout(shares).matMul(heads(values));
        Shape shape = query.getShape();
        return layers.linear(
                name + "self_attn.linear_out", mixed.transpose(0, 2, 1, 3).reshape(shape));
    }

    private NDArray withBias(NDArray query, String bias) {
        return query.add(layers.viewed(name + "self_attn." + bias, query, 1, 1, config.width()));
    }

    /** [B, T, d] to [B, h, T, d / h]. */
    private NDArray heads(NDArray x) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), config.heads(), config.headWidth())
                .transpose(0, 2, 1, 3);
    }

    /** Gated linear unit over channels, padding zeroed: [B, T, d] to [B, d, T]. */
    private NDArray convolutionInputs(NDArray normed, NDArray valid) {
        NDArray both = layers.pointwise(name + "conv.pointwise_conv1", normed);
        NDArray gate = both.get(":, :, " + config.width() + ":");
        NDArray gated = both.get(":, :, :" + config.width())
                .mul(gate.getNDArrayInternal().sigmoid());
        return (valid == null ? gated : gated.mul(valid)).swapAxes(1, 2);
    }

    private NDArray convolve(NDArray padded) {
        NDArray y = layers.depthwise(name + "conv.depthwise_conv", padded).swapAxes(1, 2);
        y = config.convolutionNorm() == ConvolutionNorm.LAYER_NORM
                ? layers.norm(name + "conv.batch_norm", y)
                : layers.fixedNorm(name + "conv.batch_norm", y);
        return layers.pointwise(name + "conv.pointwise_conv2", ConformerLayers.swish(y));
    }
}
