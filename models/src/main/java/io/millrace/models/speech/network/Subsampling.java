package io.millrace.models.speech.network;

import java.util.Arrays;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

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

    private static final int KERNEL = 3;

    private final FastConformerConfig config;
    private final ConformerLayers layers;

    Subsampling(FastConformerConfig config, ConformerLayers layers) {
        this.config = config;
        this.layers = layers;
    }

    NDArray apply(NDArray mel, long[] lengths) {
        long[] valid = lengths.clone();
        NDArray x = first(masked(mel.expandDims(1), valid));
        halve(valid);
        for (int stage = 1; stage < config.stages(); stage++) {
            x = layers.depthwise2d(CONV + (3 * stage - 1), relu(x, valid).pad(PADDING, 0), 2);
            halve(valid);
            NDArray channelsLast = masked(x, valid).transpose(0, 2, 3, 1);
            x = layers.pointwise(CONV + 3 * stage, channelsLast).transpose(0, 3, 1, 2);
        }
        x = relu(x, valid);
        Shape shape = x.getShape();
        NDArray frames = x.transpose(0, 2, 1, 3).reshape(shape.get(0), shape.get(2), shape.get(1) * shape.get(3));
        return layers.linear("encoder.pre_encode.out", frames);
    }

    /** The convolution from one channel to many, as a linear map of patches of nine: [B, 1, T, F] to [B, C, T', F']. */
    private NDArray first(NDArray x) {
        NDArray padded = x.squeeze(1).pad(PADDING, 0);
        long steps = FastConformerConfig.halved(x.getShape().get(2));
        long bands = FastConformerConfig.halved(x.getShape().get(3));
        NDList patches = new NDList();
        for (int i = 0; i < KERNEL; i++) {
            for (int j = 0; j < KERNEL; j++) {
                patches.add(padded.get(":, %d:%d:2, %d:%d:2".formatted(i, i + 2 * steps - 1, j, j + 2 * bands - 1)));
            }
        }
        return layers.pointwise(CONV + "0", NDArrays.stack(patches, -1)).transpose(0, 3, 1, 2);
    }

    private static NDArray relu(NDArray x, long[] valid) {
        return masked(Activation.relu(x), valid);
    }

    private static NDArray masked(NDArray x, long[] valid) {
        long steps = x.getShape().get(2);
        if (Arrays.stream(valid).allMatch(length -> length >= steps)) {
            return x;
        }
        return x.mul(ConformerLayers.valid(x.getManager(), valid, steps).reshape(valid.length, 1, steps, 1));
    }

    private static void halve(long[] lengths) {
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] = FastConformerConfig.halved(lengths[b]);
        }
    }
}
