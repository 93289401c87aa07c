package io.millrace.models.speech.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.torch.TorchKernel;

/**
 * Connectionist temporal classification: Graves et al., ICML 2006. The engine's own loss through a kernel; a target that
 * does not fit into its frames counts nothing.
 */
public final class CtcLoss implements AutoCloseable {

    private final TorchKernel kernel;

    /** {@code blank}: token that stands for no token. */
    public CtcLoss(int blank, Device device) {
        kernel = TorchKernel.compile("Ctc", """
                def loss(self, logp: Tensor, targets: Tensor, frames: Tensor, tokens: Tensor) -> Tensor:
                  return torch.ctc_loss(logp, targets, frames, tokens, %d, 0, True)
                """.formatted(blank), device);
    }

    /**
     * -ln P of each item, with a gradient.
     *
     * @param logits float [B, T, V + 1]
     * @param frames frames of each item
     * @param targets tokens of each item
     * @return float [B]
     */
    public NDArray of(NDArray logits, int[] frames, int[][] targets) {
        int most = 1;
        for (int[] tokens : targets) {
            most = Math.max(most, tokens.length);
        }
        long[] padded = new long[targets.length * most];
        long[] lengths = new long[targets.length];
        long[] inputs = new long[targets.length];
        for (int b = 0; b < targets.length; b++) {
            lengths[b] = targets[b].length;
            inputs[b] = frames[b];
            for (int u = 0; u < targets[b].length; u++) {
                padded[b * most + u] = targets[b][u];
            }
        }
        return kernel.callWithGradient(
                        "loss",
                        logits.logSoftmax(-1).transpose(1, 0, 2),
                        logits.getManager().create(padded, new Shape(targets.length, most)),
                        logits.getManager().create(inputs),
                        logits.getManager().create(lengths))
                .singletonOrThrow();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
