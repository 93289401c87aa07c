package io.millrace.models.speech.network;

/** What follows the depth-wise convolution of a layer. */
public enum ConvolutionNorm {
    /** Normalisation over channels: what streaming models use. */
    LAYER_NORM,
    /** Fixed statistics of training. */
    BATCH_NORM
}
