package io.millrace.models.intrusion.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.card.ModelCard;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.evaluation.PlattCalibration;
import io.millrace.models.evaluation.RankingMetrics;
import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.FlowScores;
import io.millrace.models.intrusion.IntrusionDecision;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.evaluation.IntrusionEvaluation;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * Makes an intrusion model of labelled flows: splits off validation rows, fits features, trains, calibrates, sets the
 * threshold and writes the model directory.
 *
 * <p>Validation rows are the last part of the time of each file for keyed profiles, and a random part for others. Nothing
 * but the training rows shapes features and weights; nothing but the validation rows shapes calibration and threshold.
 */
public final class IntrusionTrainer {

    /** Kinds with fewer training rows are not told apart. */
    private static final int LEAST_KIND_ROWS = 10;

    private final FlowProfile profile;
    private final TrainingOptions options;
    private final TrainingListener listener;

    /** A trainer of models of one profile. */
    public IntrusionTrainer(FlowProfile profile, TrainingOptions options, TrainingListener listener) {
        this.profile = profile;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Rows of one file, with what the card says of it.
     *
     * @param source entries for the card, such as file name and hash
     * @param rows its rows
     */
    public record Source(Map<String, Object> source, List<FlowRow> rows) {}

    /**
     * Trains a model and writes it.
     *
     * @param sources labelled rows
     * @param name name of the model
     * @param directory where the model goes
     * @return metrics on the validation rows
     * @throws IllegalArgumentException if the rows lack one of the classes
     */
    public IntrusionEvaluation train(List<Source> sources, String name, Path directory) throws IOException {
        listener.phase("features");
        FlowSequences flows = FlowSequences.of(
                sources.stream().flatMap(s -> s.rows().stream()).toList());
        boolean[] attacks = flows.attacks();
        boolean[] validate = new ValidationSplit(options.validationShare, options.seed).choose(sources, flows);
        boolean[] learn = new boolean[validate.length];
        for (int i = 0; i < learn.length; i++) {
            learn[i] = !validate[i];
        }
        requireBoth("training", attacks, learn);
        requireBoth("validation", attacks, validate);
        if (options.restartEvery > 0) {
            flows = flows.withRestarts(learn, options.restartEvery, new Random(options.seed));
            int before = learn.length;
            learn = Arrays.copyOf(learn, flows.rows().size());
            Arrays.fill(learn, before, learn.length, true);
            validate = Arrays.copyOf(validate, learn.length);
            attacks = flows.attacks();
        }

        NoveltyValidation.Outcome novelty = options.falseAlarmRate == null ? novelty(flows, validate) : null;
        double falseAlarmRate =
                novelty == null ? options.falseAlarmRate : novelty.best().falseAlarmRate();
        Fitted fitted = fit(flows, learn);
        CausalFlowTrainer.Trained trained = fitted.trainer().train(fitted.task(), learn, validate);
        double[] logits = selected(trained.scores().logits(), validate);
        boolean[] truth = selected(attacks, validate);
        PlattCalibration calibration = PlattCalibration.fit(logits, truth);
        double seen = share(truth);
        if (options.prior > 0) {
            calibration = calibration.forPrior(seen, options.prior);
        }
        double threshold = calibration.probability(RankingMetrics.thresholdAt(logits, truth, falseAlarmRate));
        IntrusionEvaluation validation = validation(fitted, trained.scores(), flows, validate, calibration, threshold);
        write(directory, name, sources, fitted, trained, calibration, threshold, falseAlarmRate, novelty, validation);
        return validation;
    }

    /** Chooses the false-alarm rate by attack kinds that the same training, on the other kinds, has not seen. */
    private NoveltyValidation.Outcome novelty(FlowSequences flows, boolean[] validate) {
        List<String> kinds = flows.rows().stream().map(FlowRow::kind).toList();
        return new NoveltyValidation(flows.attacks(), kinds, validate)
                .run(options.noveltyFolds, (learn, stop, judge) -> {
                    listener.phase("holding attack kinds out, to choose the false-alarm rate");
                    Fitted fitted = fit(flows, learn);
                    CausalFlowTrainer.Trained trained = fitted.trainer().train(fitted.task(), learn, stop);
                    return SequenceScorer.logits(fitted.config(), trained.weights(), fitted.task(), judge);
                });
    }

    /** Features, kinds and the task made of them. */
    private record Fitted(
            FeatureSpec features,
            List<String> kinds,
            CausalFlowConfig config,
            LearningTask task,
            FlowInput typical,
            CausalFlowTrainer trainer) {}

    private Fitted fit(FlowSequences flows, boolean[] learn) {
        List<FlowRow> rows = new ArrayList<>();
        List<double[]> histories = new ArrayList<>();
        for (int i = 0; i < learn.length; i++) {
            if (learn[i]) {
                rows.add(flows.rows().get(i));
                histories.add(flows.histories().get(i));
            }
        }
        FeatureSpec features = FeatureSpec.fit(
                profile,
                new FeatureSpec.Options(options.scaling, options.rankPoints, options.history, 1, options.without),
                rows,
                histories);
        List<String> kinds = kinds(rows);
        FlowInput[] inputs = flows.encode(features);
        boolean[] attacks = flows.attacks();
        float[] targets = new float[inputs.length];
        int[] kindOf = new int[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            targets[i] = attacks[i] ? 1 : 0;
            kindOf[i] = kinds.indexOf(flows.rows().get(i).kind());
        }
        CausalFlowConfig config = new CausalFlowConfig(
                features.numericWidth(),
                features.levels(),
                CausalFlowConfig.Encoding.FIELD_EMBEDDING,
                options.embeddingDim,
                options.width,
                options.layers,
                options.heads,
                options.headDim,
                options.feedForward,
                options.window,
                options.dropout,
                kinds.size(),
                options.mlpWidth,
                true,
                true,
                CausalFlowConfig.Activation.GELU);
        LearningTask task = new LearningTask(inputs, targets, attacks, kindOf, flows.sequences(), List.of());
        if (options.teacherTrees > 0) {
            listener.phase("fitting " + options.teacherTrees + " trees that teach");
            task = ForestTeacher.fit(inputs, attacks, learn, options.teacherTrees, options.seed)
                    .teach(task, features.inputRanges(), options.seed);
        }
        listener.phase("training a network of " + config.parameterCount() + " weights");
        return new Fitted(
                features,
                kinds,
                config,
                task,
                TypicalFlow.of(inputs, attacks, learn),
                new CausalFlowTrainer(config, features.inputRanges(), options, listener));
    }

    private static List<String> kinds(List<FlowRow> rows) {
        Map<String, Integer> counts = new HashMap<>();
        rows.stream().filter(FlowRow::attack).forEach(row -> counts.merge(row.kind(), 1, Integer::sum));
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= LEAST_KIND_ROWS)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static IntrusionEvaluation validation(
            Fitted fitted,
            FlowScores scores,
            FlowSequences flows,
            boolean[] validate,
            PlattCalibration calibration,
            double threshold) {
        double[] probabilities = Arrays.stream(selected(scores.logits(), validate))
                .map(calibration::probability)
                .toArray();
        List<String> truth = new ArrayList<>();
        int[] kinds = new int[probabilities.length];
        for (int i = 0; i < validate.length; i++) {
            if (validate[i]) {
                kinds[truth.size()] = scores.kinds()[i];
                truth.add(flows.rows().get(i).kind());
            }
        }
        return IntrusionEvaluation.of(
                probabilities,
                selected(flows.attacks(), validate),
                truth,
                IntrusionEvaluator.predicted(
                        new FlowScores(probabilities, kinds), probabilities, threshold, fitted.kinds()),
                threshold,
                Double.NaN);
    }

    private void write(
            Path directory,
            String name,
            List<Source> sources,
            Fitted fitted,
            CausalFlowTrainer.Trained trained,
            PlattCalibration calibration,
            double threshold,
            double falseAlarmRate,
            NoveltyValidation.Outcome novelty,
            IntrusionEvaluation validation)
            throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, Object> figures =
                json.convertValue(validation, new TypeReference<LinkedHashMap<String, Object>>() {});
        figures.remove("flows_per_second");
        figures.put("best_epoch", trained.bestEpoch());
        if (novelty != null) {
            figures.put("held_out_kinds", json.convertValue(novelty, LinkedHashMap.class));
        }
        Map<String, HostTensor> weights = trained.weights();
        IntrusionModel.write(
                directory,
                name,
                "",
                fitted.config(),
                new IntrusionDecision(
                        profile.id(), fitted.kinds(), calibration, threshold, falseAlarmRate, fitted.typical()),
                new ModelCard.Training(
                        "millrace train intrusion",
                        options.seed,
                        new ModelCard.Data(
                                null, null, sources.stream().map(Source::source).toList()),
                        ModelCard.json(options),
                        ModelCard.json(figures)),
                fitted.features(),
                weights);
        TrainingCurves.write(trained.epochs(), name + ", profile " + profile.id(), directory.resolve("curves.png"));
    }

    private static void requireBoth(String part, boolean[] attacks, boolean[] chosen) {
        int[] counts = new int[2];
        for (int i = 0; i < attacks.length; i++) {
            if (chosen[i]) {
                counts[attacks[i] ? 1 : 0]++;
            }
        }
        if (counts[0] == 0 || counts[1] == 0) {
            throw new IllegalArgumentException("the " + part + " rows hold " + counts[0] + " benign flows and "
                    + counts[1] + " attacks: both are needed");
        }
    }

    private static double[] selected(double[] values, boolean[] chosen) {
        double[] selected = new double[values.length];
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            if (chosen[i]) {
                selected[at++] = values[i];
            }
        }
        return Arrays.copyOf(selected, at);
    }

    private static boolean[] selected(boolean[] values, boolean[] chosen) {
        boolean[] selected = new boolean[values.length];
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            if (chosen[i]) {
                selected[at++] = values[i];
            }
        }
        return Arrays.copyOf(selected, at);
    }

    private static double share(boolean[] values) {
        int count = 0;
        for (boolean value : values) {
            count += value ? 1 : 0;
        }
        return count / (double) values.length;
    }
}
