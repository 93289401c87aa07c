package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.evaluation.RankingMetrics;
import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.FlowScores;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.CausalFlowTransformer;
import io.millrace.models.torch.Scalars;
import io.millrace.models.training.WarmCosine;

/**
 * Trains a {@link CausalFlowTransformer}: AdamW, a warm cosine schedule, whole fields hidden at random, early stopping on
 * rows kept from training. On one thread and with one seed, two runs give the same weights.
 *
 * <p>The engine knows one gradient collector at a time in a process: train in a process of its own.
 */
final class CausalFlowTrainer {

    private final CausalFlowConfig config;
    private final List<FeatureSpec.InputRange> fields;
    private final TrainingOptions options;
    private final TrainingListener listener;

    /**
     * @param config sizes of the network
     * @param fields which numeric inputs make one field, for hiding whole fields
     */
    CausalFlowTrainer(
            CausalFlowConfig config,
            List<FeatureSpec.InputRange> fields,
            TrainingOptions options,
            TrainingListener listener) {
        this.config = config;
        this.fields = fields;
        this.options = options;
        this.listener = listener;
    }

    /**
     * What a training gave.
     *
     * @param weights weights of the best epoch
     * @param bestEpoch that epoch, from 1
     * @param scores what these weights say of every row; 0 for rows that are not validated
     * @param epochs figures of all epochs
     */
    record Trained(
            Map<String, HostTensor> weights, int bestEpoch, FlowScores scores, List<TrainingListener.Epoch> epochs) {}

    /**
     * Trains on some rows and stops by others.
     *
     * @param learn rows to learn from
     * @param validate rows to stop by; all false to keep the last epoch
     */
    Trained train(LearningTask task, boolean[] learn, boolean[] validate) {
        Engine engine = Engine.getEngine("PyTorch");
        engine.setRandomSeed((int) options.seed);
        Random random = new Random(options.seed);
        List<Segment> segments = Segment.cut(task.sequences(), learn, options.sequence, config.window() - 1);
        int validated = count(validate);
        int epochs = options.epochs;
        try (NDManager manager = engine.newBaseManager(Device.cpu())) {
            CausalFlowTransformer network = new CausalFlowTransformer(config);
            network.initialize(manager, DataType.FLOAT32, network.inputShapes(1, 1));
            List<Parameter> parameters = new ArrayList<>();
            network.getParameters().forEach(pair -> {
                pair.getValue().getArray().setRequiresGradient(true);
                parameters.add(pair.getValue());
            });
            int perEpoch = Segment.batches(segments, options.batch).size();
            Optimizer optimizer = Optimizer.adamW()
                    .optLearningRateTracker(new WarmCosine(options.learningRate, perEpoch * options.epochs))
                    .optWeightDecays(options.weightDecay)
                    .build();
            SequenceScorer scorer = new SequenceScorer(network, manager);
            List<TrainingListener.Epoch> figures = new ArrayList<>();
            Trained best = null;
            double bestLoss = Double.POSITIVE_INFINITY;
            for (int epoch = 1; epoch <= epochs; epoch++) {
                double loss = epoch(network, parameters, optimizer, task, segments, manager, random, epoch);
                if (validated == 0) {
                    figures.add(told(new TrainingListener.Epoch(epoch, loss, Double.NaN, Double.NaN, Double.NaN)));
                    if (epoch == epochs) {
                        best = new Trained(network.weights(), epoch, null, figures);
                    }
                    continue;
                }
                FlowScores scores = scorer.score(task.inputs(), task.sequences(), validate);
                TrainingListener.Epoch figure = validation(epoch, loss, scores, task, validate, validated);
                figures.add(told(figure));
                if (figure.validationLoss() < bestLoss) {
                    bestLoss = figure.validationLoss();
                    best = new Trained(network.weights(), epoch, scores, figures);
                } else if (best != null && epoch - best.bestEpoch() >= options.patience) {
                    break;
                }
            }
            if (best == null) {
                throw new IllegalStateException("training gave no finite validation loss: lower the learning rate");
            }
            return best;
        }
    }

    private TrainingListener.Epoch told(TrainingListener.Epoch epoch) {
        listener.epoch(epoch);
        return epoch;
    }

    private static int count(boolean[] values) {
        int count = 0;
        for (boolean value : values) {
            count += value ? 1 : 0;
        }
        return count;
    }

    private double epoch(
            CausalFlowTransformer network,
            List<Parameter> parameters,
            Optimizer optimizer,
            LearningTask task,
            List<Segment> segments,
            NDManager manager,
            Random random,
            int epoch) {
        Collections.shuffle(segments, random);
        List<List<Segment>> batches = Segment.batches(segments, options.batch);
        Collections.shuffle(batches, random);
        TrainingBatch assembler = new TrainingBatch(config, fields, options, task, random);
        ParameterStore store = new ParameterStore(manager, false);
        double sum = 0;
        for (int i = 0; i < batches.size(); i++) {
            try (NDManager step = manager.newSubManager()) {
                TrainingBatch.Tensors tensors = assembler.tensors(batches.get(i), step);
                double loss;
                try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                    NDList outputs = network.forward(store, tensors.inputs(), true);
                    NDArray total = loss(outputs, tensors);
                    loss = total.getFloat();
                    collector.backward(total);
                }
                if (!Double.isFinite(loss)) {
                    throw new IllegalStateException("the loss is no longer finite: lower the learning rate");
                }
                sum += loss;
            }
            update(parameters, optimizer);
            listener.batch(epoch, options.epochs, (i + 1.0) / batches.size(), sum / (i + 1));
        }
        return sum / batches.size();
    }

    private static void update(List<Parameter> parameters, Optimizer optimizer) {
        for (Parameter parameter : parameters) {
            NDArray weight = parameter.getArray();
            try (NDArray gradient = weight.getGradient()) {
                optimizer.update(parameter.getId(), weight, gradient);
                gradient.subi(gradient);
            }
        }
    }

    /** Binary cross-entropy over flows, plus cross-entropy over the kinds of the attacks among them. */
    private NDArray loss(NDList outputs, TrainingBatch.Tensors tensors) {
        NDArray z = outputs.get(0);
        NDArray each = z.maximum(0)
                .sub(z.mul(tensors.targets()))
                .add(z.abs().neg().exp().add(1).log());
        NDArray loss = each.mul(tensors.weights()).sum();
        if (config.kinds() > 0 && options.kindWeight > 0) {
            NDArray kinds = outputs.get(1).logSoftmax(-1).mul(tensors.kinds()).sum();
            loss = loss.sub(Scalars.times(kinds, options.kindWeight / Math.max(1, tensors.kindRows())));
        }
        return loss;
    }

    private static TrainingListener.Epoch validation(
            int epoch, double trainingLoss, FlowScores scores, LearningTask task, boolean[] validate, int validated) {
        double[] logits = new double[validated];
        boolean[] attacks = new boolean[validated];
        double loss = 0;
        for (int i = 0, at = 0; i < validate.length; i++) {
            if (validate[i]) {
                double z = scores.logits()[i];
                logits[at] = z;
                attacks[at++] = task.attacks()[i];
                loss += Math.max(z, 0) - (task.attacks()[i] ? z : 0) + Math.log1p(Math.exp(-Math.abs(z)));
            }
        }
        return new TrainingListener.Epoch(
                epoch,
                trainingLoss,
                loss / validated,
                RankingMetrics.auroc(logits, attacks),
                RankingMetrics.averagePrecision(logits, attacks));
    }
}
