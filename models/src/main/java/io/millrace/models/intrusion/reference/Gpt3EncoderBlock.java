package io.millrace.models.intrusion.reference;

import java.util.HashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.torch.Scalars;

/**
 * The reference's encoder block over its own attention of the GPT-3 kind: four dense layers, heads as slices of the
 * width, and the only attention there that takes a mask. No named model of the paper uses it.
 */
public final class Gpt3EncoderBlock {

    private static final String ATTENTION = "gpt3_attention/";

    private final ReferenceLayers layers;
    private final int heads;

    /**
     * A block over given weights.
     *
     * @param weights weights by the reference's names, below the block's own
     * @param heads heads; must divide the width
     * @param manager manager that the weights belong to
     */
    public Gpt3EncoderBlock(Map<String, HostTensor> weights, int heads, NDManager manager) {
        Map<String, NDArray> arrays = new HashMap<>();
        weights.forEach((name, tensor) -> arrays.put(name, tensor.toArray(manager)));
        this.layers = new ReferenceLayers(arrays, false);
        this.heads = heads;
    }

    /**
     * Forward pass.
     *
     * @param x [B, T, d]
     * @param mask [T, T], 1 where attention is forbidden, or null
     * @return [B, T, d]
     */
    public NDArray forward(NDArray x, NDArray mask) {
        int size = Math.toIntExact(x.getShape().get(2) / heads);
        NDArray q = Scalars.times(
                ReferenceLayers.split(layers.dense(ATTENTION + "dense", x), heads, size), 1 / Math.sqrt(size));
        NDArray k = ReferenceLayers.split(layers.dense(ATTENTION + "dense_1", x), heads, size);
        NDArray v = ReferenceLayers.split(layers.dense(ATTENTION + "dense_2", x), heads, size);
        NDArray attended = layers.dense(ATTENTION + "dense_3", ReferenceLayers.attend(q, k, v, mask));
        NDArray z = layers.norm("gpt3_attention_layer_norm", x.add(attended));
        NDArray hidden =
                layers.dense("gpt3_feed_forward_0", z).getNDArrayInternal().relu();
        NDArray out =
                layers.dense("gpt3_feed_forward_1", hidden).getNDArrayInternal().relu();
        return layers.norm("gpt3_feed_forward_layer_norm", attended.add(out));
    }
}
