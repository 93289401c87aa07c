package io.millrace.models.intrusion.comparison;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.millrace.models.evaluation.RankingMetrics;
import io.millrace.models.intrusion.evaluation.DetectionMetrics;
import io.millrace.models.intrusion.reference.ReferenceConfig;
import io.millrace.models.intrusion.reference.ReferenceFlowTransformer;

/**
 * Trains and judges combinations as the paper does, all on the same windows: Adam at 0.001, batches of 128 drawn half of
 * attacks and half of benign flows, binary cross-entropy.
 *
 * <p>The engine knows one gradient collector at a time in a process: try one combination after the other.
 */
public final class CombinationTrial {

    private static final int BATCH = 128;
    private static final float LEARNING_RATE = 1e-3f;
    private static final double FLAGGED = 0.5;

    private final WindowFeatures features;
    private final WindowedFlows training;
    private final WindowedFlows test;
    private final TrialSettings settings;
    private final int[] testEnds;
    private final int[] attackEnds;
    private final int[] benignEnds;

    /**
     * A trial on given flows.
     *
     * @throws IllegalArgumentException if the windows drawn lack one of the classes
     */
    public CombinationTrial(
            WindowFeatures features, WindowedFlows training, WindowedFlows test, TrialSettings settings) {
        this.features = features;
        this.training = training;
        this.test = test;
        this.settings = settings;
        Random random = new Random(settings.seed());
        int[] ends = training.draw(settings.trainingWindows(), random);
        this.testEnds = test.draw(settings.testWindows(), random);
        this.attackEnds =
                Arrays.stream(ends).filter(end -> training.attacks()[end]).toArray();
        this.benignEnds =
                Arrays.stream(ends).filter(end -> !training.attacks()[end]).toArray();
        if (attackEnds.length == 0 || benignEnds.length == 0) {
            throw new IllegalArgumentException("the training windows hold " + attackEnds.length + " attacks and "
                    + benignEnds.length + " benign flows: both are needed");
        }
    }

    /**
     * Trains and judges one combination.
     *
     * @param progress told the share of the training done, 0 to 1
     */
    public CombinationResult run(Combination combination, DoubleConsumer progress) {
        Engine engine = Engine.getEngine("PyTorch");
        engine.setRandomSeed((int) settings.seed());
        ReferenceConfig config = combination.config(features);
        try (NDManager manager = engine.newBaseManager(Device.cpu())) {
            ReferenceFlowTransformer network = new ReferenceFlowTransformer(config);
            network.initialize(manager, DataType.FLOAT32, new Shape(1, config.window(), config.numeric()));
            train(network, manager, progress);
            long start = System.nanoTime();
            double[] scores = score(network, manager);
            double seconds = (System.nanoTime() - start) / 1e9;
            boolean[] truth = new boolean[testEnds.length];
            for (int i = 0; i < truth.length; i++) {
                truth[i] = test.attacks()[testEnds[i]];
            }
            DetectionMetrics metrics = DetectionMetrics.at(FLAGGED, scores, truth);
            return new CombinationResult(
                    combination,
                    config.parameterCount(),
                    metrics.f1(),
                    RankingMetrics.auroc(scores, truth),
                    metrics.detectionRate(),
                    metrics.falseAlarmRate(),
                    truth.length / seconds);
        }
    }

    private void train(ReferenceFlowTransformer network, NDManager manager, DoubleConsumer progress) {
        List<Parameter> parameters = new ArrayList<>();
        network.getParameters().forEach(pair -> {
            pair.getValue().getArray().setRequiresGradient(true);
            parameters.add(pair.getValue());
        });
        Optimizer optimizer = Optimizer.adam()
                .optLearningRateTracker(Tracker.fixed(LEARNING_RATE))
                .build();
        ParameterStore store = new ParameterStore(manager, false);
        Random random = new Random(settings.seed());
        int batches = Math.max(1, (attackEnds.length + benignEnds.length) / BATCH) * settings.epochs();
        for (int i = 0; i < batches; i++) {
            try (NDManager step = manager.newSubManager()) {
                int[] ends = new int[BATCH];
                float[] truth = new float[BATCH];
                for (int b = 0; b < BATCH; b++) {
                    int[] from = b % 2 == 0 ? attackEnds : benignEnds;
                    ends[b] = from[random.nextInt(from.length)];
                    truth[b] = b % 2 == 0 ? 1 : 0;
                }
                NDList inputs = training.inputs(ends, 0, BATCH, step);
                NDArray targets = step.create(truth);
                try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                    NDArray z = network.forward(store, inputs, true).get(1);
                    NDArray loss = z.maximum(0)
                            .sub(z.mul(targets))
                            .add(z.abs().neg().exp().add(1).log())
                            .mean();
                    collector.backward(loss);
                }
            }
            for (Parameter parameter : parameters) {
                NDArray weight = parameter.getArray();
                try (NDArray gradient = weight.getGradient()) {
                    optimizer.update(parameter.getId(), weight, gradient);
                    gradient.subi(gradient);
                }
            }
            progress.accept((i + 1.0) / batches);
        }
    }

    private double[] score(ReferenceFlowTransformer network, NDManager manager) {
        double[] scores = new double[testEnds.length];
        ParameterStore store = new ParameterStore(manager, false);
        for (int from = 0; from < scores.length; from += BATCH) {
            int to = Math.min(scores.length, from + BATCH);
            try (NDManager step = manager.newSubManager()) {
                NDArray probability = network.forward(store, test.inputs(testEnds, from, to, step), false)
                        .get(0);
                float[] values = probability.toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    scores[from + i] = values[i];
                }
            }
        }
        return scores;
    }
}
