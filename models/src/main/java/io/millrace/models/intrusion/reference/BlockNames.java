package io.millrace.models.intrusion.reference;

/** Names of the layers of one block in the reference's weights. */
record BlockNames(
        String block,
        String attention,
        String attentionNorm,
        String feedForwardIn,
        String feedForwardOut,
        String feedForwardNorm) {

    BlockNames(ReferenceConfig config, int index) {
        this(
                config.block(index),
                config.block(index)
                        + (decoder(config) ? "multi_head_attention" : "block_" + index + "_multi_head_attn"),
                config.block(index)
                        + (decoder(config) ? "layer_normalization" : "block_" + index + "_attention_layer_norm"),
                config.block(index) + (decoder(config) ? "sequential/dense" : "block_" + index + "_feed_forward_0"),
                config.block(index) + (decoder(config) ? "sequential/dense_1" : "block_" + index + "_feed_forward_1"),
                config.block(index)
                        + (decoder(config) ? "layer_normalization_1" : "block_" + index + "_feed_forward_layer_norm"));
    }

    private static boolean decoder(ReferenceConfig config) {
        return config.blocks().decoder();
    }

    /** Name of the block without the slash, as layer outputs are called. */
    String output() {
        return block.substring(0, block.length() - 1);
    }
}
