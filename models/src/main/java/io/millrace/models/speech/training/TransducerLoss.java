package io.millrace.models.speech.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Transducer (RNNT) loss, exact: Graves, "Sequence Transduction with Recurrent Neural Networks" (arXiv 1211.3711),
 * section 2.4, forward and backward in double precision on the host; with FastEmit (Yu et al., arXiv 2010.11148) as
 * NeMo's processor kernel has it.
 */
public final class TransducerLoss {

    private TransducerLoss() {}

    /**
     * Loss of a batch.
     *
     * @param values -ln P of each item, times 1 + the FastEmit weight
     * @param surrogate a scalar whose gradient is that of the sum of {@code values}; its own value means nothing
     */
    public record Result(double[] values, NDArray surrogate) {}

    /**
     * Computes the loss.
     *
     * @param logits float [B, T, U + 1, V + 1], blank last
     * @param frames frames of each item
     * @param targets tokens of each item, at most U
     * @param fastEmit weight of FastEmit, 0 for none
     */
    public static Result of(NDArray logits, int[] frames, int[][] targets, double fastEmit) {
        Shape shape = logits.getShape();
        int batch = Math.toIntExact(shape.get(0));
        int steps = Math.toIntExact(shape.get(1));
        int positions = Math.toIntExact(shape.get(2));
        long classes = shape.get(3);
        NDArray logProbabilities = logits.logSoftmax(-1);
        NDArray blanks = logProbabilities.get("..., " + (classes - 1));
        NDArray labels = logProbabilities
                .gather(index(logits, targets, steps, positions), 3)
                .squeeze(3);
        float[] blank = blanks.toFloatArray();
        float[] label = labels.toFloatArray();
        float[] blankGradient = new float[blank.length];
        float[] labelGradient = new float[label.length];
        double[] values = new double[batch];
        int size = steps * positions;
        for (int b = 0; b < batch; b++) {
            Lattice lattice = new Lattice(blank, label, b * size, positions, frames[b], targets[b].length);
            values[b] = -lattice.logLikelihood() * (1 + fastEmit);
            lattice.gradients(blankGradient, labelGradient, 1 + fastEmit);
        }
        NDArray surrogate = blanks.mul(logits.getManager().create(blankGradient, blanks.getShape()))
                .sum()
                .add(labels.mul(logits.getManager().create(labelGradient, labels.getShape()))
                        .sum());
        return new Result(values, surrogate);
    }

    /** Which logit is the next token at each place: int64 [B, T, U + 1, 1]; beyond the last token any will do. */
    private static NDArray index(NDArray logits, int[][] targets, int steps, int positions) {
        long[] index = new long[targets.length * steps * positions];
        int at = 0;
        for (int[] tokens : targets) {
            for (int t = 0; t < steps; t++) {
                for (int u = 0; u < positions; u++) {
                    index[at++] = u < tokens.length ? tokens[u] : 0;
                }
            }
        }
        return logits.getManager().create(index, new Shape(targets.length, steps, positions, 1));
    }

    /** The lattice of one item: log-probabilities of all ways from its start to each place, and from there to its end. */
    private static final class Lattice {
        private final float[] blank;
        private final float[] label;
        private final int offset;
        private final int stride;
        private final int frames;
        private final int tokens;
        private final double[][] forward;
        private final double[][] backward;

        Lattice(float[] blank, float[] label, int offset, int stride, int frames, int tokens) {
            this.blank = blank;
            this.label = label;
            this.offset = offset;
            this.stride = stride;
            this.frames = frames;
            this.tokens = tokens;
            this.forward = new double[frames][tokens + 1];
            this.backward = new double[frames][tokens + 1];
            for (int t = 0; t < frames; t++) {
                for (int u = 0; u <= tokens; u++) {
                    double byBlank = t == 0 ? Double.NEGATIVE_INFINITY : forward[t - 1][u] + blank(t - 1, u);
                    double byLabel = u == 0 ? Double.NEGATIVE_INFINITY : forward[t][u - 1] + label(t, u - 1);
                    forward[t][u] = t == 0 && u == 0 ? 0 : logAdd(byBlank, byLabel);
                }
            }
            for (int t = frames - 1; t >= 0; t--) {
                for (int u = tokens; u >= 0; u--) {
                    double byBlank = blank(t, u) + afterBlank(t, u);
                    double byLabel = u == tokens ? Double.NEGATIVE_INFINITY : label(t, u) + backward[t][u + 1];
                    backward[t][u] = logAdd(byBlank, byLabel);
                }
            }
        }

        private double blank(int t, int u) {
            return blank[offset + t * stride + u];
        }

        private double label(int t, int u) {
            return label[offset + t * stride + u];
        }

        private double afterBlank(int t, int u) {
            if (t < frames - 1) {
                return backward[t + 1][u];
            }
            return u == tokens ? 0 : Double.NEGATIVE_INFINITY;
        }

        double logLikelihood() {
            return backward[0][0];
        }

        void gradients(float[] blankGradient, float[] labelGradient, double labelScale) {
            double all = logLikelihood();
            for (int t = 0; t < frames; t++) {
                for (int u = 0; u <= tokens; u++) {
                    int at = offset + t * stride + u;
                    blankGradient[at] = (float) -Math.exp(forward[t][u] + blank(t, u) + afterBlank(t, u) - all);
                    if (u < tokens) {
                        labelGradient[at] = (float)
                                (-labelScale * Math.exp(forward[t][u] + label(t, u) + backward[t][u + 1] - all));
                    }
                }
            }
        }

        private static double logAdd(double a, double b) {
            double most = Math.max(a, b);
            return most == Double.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
        }
    }
}
