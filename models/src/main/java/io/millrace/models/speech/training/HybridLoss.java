package io.millrace.models.speech.training;

import java.util.Arrays;
import java.util.List;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.torch.Scalars;

/** CTC and transducer loss of one encoder, weighted (specification of NeMo's hybrid models), and that of frames. */
final class HybridLoss implements AutoCloseable {

    private final FastConformerConfig config;
    private final SpeechTrainingOptions options;
    private final CtcLoss ctc;

    HybridLoss(FastConformerConfig config, SpeechTrainingOptions options, Device device) {
        this.config = config;
        this.options = options;
        this.ctc = new CtcLoss(config.blank(), device);
    }

    /**
     * Loss of a batch, a mean over its utterances.
     *
     * @param gradient a scalar with the loss's gradient; its value means nothing
     * @param ctc CTC loss
     * @param transducer transducer loss
     * @param frames mean cross-entropy of the frames; 0 where they do not count
     */
    record Result(NDArray gradient, double ctc, double transducer, double frames) {}

    /**
     * The loss.
     *
     * @param labelled whether the labels of frames count, in place of the CTC loss
     */
    Result of(
            FastConformer network,
            List<Examples.Example> batch,
            AttentionContext context,
            boolean labelled,
            NDManager manager) {
        int most = batch.stream().mapToInt(Examples.Example::frames).max().orElseThrow();
        float[] mel = new float[batch.size() * most * config.features()];
        long[] lengths = new long[batch.size()];
        int[][] targets = new int[batch.size()][];
        for (int b = 0; b < batch.size(); b++) {
            Examples.Example example = batch.get(b);
            System.arraycopy(example.mel(), 0, mel, b * most * config.features(), example.mel().length);
            lengths[b] = example.frames();
            targets[b] = example.tokens();
        }
        FastConformer.Encoded encoded =
                network.encode(manager.create(mel, new Shape(batch.size(), most, config.features())), lengths, context);
        int[] frames =
                Arrays.stream(encoded.lengths()).mapToInt(Math::toIntExact).toArray();
        NDArray logits = network.ctcLogits(encoded.frames());
        NDArray ctcLoss = ctc.of(logits, frames, targets).mean();
        NDArray predicted = network.jointPredicted(network.predictAll(padded(targets, manager)));
        NDArray joint =
                network.jointLogits(network.jointEncoded(encoded.frames()).expandDims(2), predicted.expandDims(1));
        TransducerLoss.Result transducer = TransducerLoss.of(joint, frames, targets, options.fastEmit);
        double frameLoss = 0;
        NDArray alignment;
        double transducerWeight = 1 - options.ctcWeight;
        if (labelled) {
            // The CTC loss alone would teach the blank first, and so would the transducer's if it counted as much.
            alignment = frameLoss(logits, batch, frames, manager);
            frameLoss =
                    alignment.getFloat() * batch.size() / Arrays.stream(frames).sum();
            transducerWeight *= options.frameTransducerWeight;
        } else {
            alignment = Scalars.times(ctcLoss, options.ctcWeight);
        }
        NDArray gradient = alignment.add(Scalars.times(transducer.surrogate(), transducerWeight / batch.size()));
        return new Result(
                gradient, ctcLoss.getFloat(), Arrays.stream(transducer.values()).sum() / batch.size(), frameLoss);
    }

    private NDArray padded(int[][] targets, NDManager manager) {
        int most =
                Arrays.stream(targets).mapToInt(target -> target.length).max().orElse(0);
        long[] tokens = new long[targets.length * Math.max(1, most)];
        for (int b = 0; b < targets.length; b++) {
            for (int u = 0; u < targets[b].length; u++) {
                tokens[b * most + u] = targets[b][u];
            }
        }
        return manager.create(tokens, new Shape(targets.length, Math.max(1, most)));
    }

    /** Cross-entropy of the frames of an utterance, a mean over utterances. */
    private NDArray frameLoss(NDArray logits, List<Examples.Example> batch, int[] frames, NDManager manager) {
        int steps = Math.toIntExact(logits.getShape().get(1));
        long[] labels = new long[batch.size() * steps];
        float[] counts = new float[labels.length];
        for (int b = 0; b < batch.size(); b++) {
            for (int t = 0; t < frames[b]; t++) {
                labels[b * steps + t] = batch.get(b).labels()[t];
                counts[b * steps + t] = 1;
            }
        }
        Shape shape = new Shape(batch.size(), steps, 1);
        NDArray right =
                logits.logSoftmax(-1).gather(manager.create(labels, shape).toType(DataType.INT64, false), 2);
        return Scalars.times(right.mul(manager.create(counts, shape)).sum(), -1.0 / batch.size());
    }

    @Override
    public void close() {
        ctc.close();
    }
}
