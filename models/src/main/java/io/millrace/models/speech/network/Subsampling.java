package io.millrace.models.speech.network;

import java.util.Arrays;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Causal depth-wise striding convolutions: mel [B, T, F] to [B, T', d], with T halved two or three times. Encoder frame i
 * depends on mel frames 8i-14 to 8i (factor 8), so it is final as soon as mel frame 8i is there.
 *
 * <p>What is padding is zeroed before every convolution, since their biases would leak out of it: an item's result does
 * not depend on the batch that it is in.
 */
final class Subsampling {

    private static final String CONV = "encoder.pre_encode.conv.";
    /** Two before, one behind, in bands and in time. */
    private static final Shape PADDING = new Shape(2, 1, 2, 1);

    private final FastConformerConfig config;
    private final Layers layers;

    Subsampling(FastConformerConfig config, Layers layers) {
        this.config = config;
        this.layers = layers;
    }

    NDArray apply(NDArray mel, long[] lengths) {
        int channels = config.subsamplingChannels();
        long[] valid = lengths.clone();
        NDArray x = strided(CONV + "0", masked(mel.expandDims(1), valid), 1);
        halve(valid);
        for (int stage = 1; stage < config.stages(); stage++) {
            x = strided(CONV + (3 * stage - 1), masked(relu(x, valid), valid), channels);
            halve(valid);
            x = layers.conv2d(CONV + 3 * stage, masked(x, valid), 1, 1);
        }
        x = masked(relu(x, valid), valid);
        Shape shape = x.getShape();
        NDArray frames = x.transpose(0, 2, 1, 3).reshape(shape.get(0), shape.get(2), shape.get(1) * shape.get(3));
        return layers.linear("encoder.pre_encode.out", frames);
    }

    private NDArray relu(NDArray x, long[] valid) {
        return ai.djl.nn.Activation.relu(masked(x, valid));
    }

    private NDArray strided(String name, NDArray x, int groups) {
        return layers.conv2d(name, x.pad(PADDING, 0), 2, groups);
    }

    private static NDArray masked(NDArray x, long[] valid) {
        long steps = x.getShape().get(2);
        if (Arrays.stream(valid).allMatch(length -> length >= steps)) {
            return x;
        }
        return x.mul(Layers.valid(x.getManager(), valid, steps).reshape(valid.length, 1, steps, 1));
    }

    private static void halve(long[] lengths) {
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] = FastConformerConfig.halved(lengths[b]);
        }
    }
}
