package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import io.millrace.jobs.command.TrainingFile;
import io.millrace.models.card.Sha256;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.evaluation.IntrusionEvaluation;
import io.millrace.models.intrusion.training.IntrusionTrainer;
import io.millrace.models.intrusion.training.TrainingOptions;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains an intrusion model on labelled flows. */
@Command(
        name = "intrusion",
        description = "Trains a network that finds attacks among flows, calibrates it and sets its threshold.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace train intrusion --format nsl-kdd --data KDDTrain+.txt --out nsl-model"})
public final class TrainIntrusionCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    IntrusionDataOptions flows;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the model goes.")
    Path out;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML or JSON file that changes training options by name.")
    Path config;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of everything random.")
    Long seed;

    @Option(
            names = "--false-alarm-rate",
            paramLabel = "SHARE",
            description =
                    "Share of benign validation flows that may be flagged, 0 to 1 (default for nsl-kdd: chosen by "
                            + "attack kinds held out of training).")
    Double falseAlarmRate;

    @Option(names = "--epochs", paramLabel = "N", description = "Most epochs.")
    Integer epochs;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the model (default: intrusion-FORMAT).")
    String name;

    @Override
    public Integer call() throws IOException {
        EngineSettings.singleThreaded().apply();
        TrainingOptions options = options();
        List<IntrusionTrainer.Source> sources = new ArrayList<>();
        for (Path file : flows.data) {
            List<FlowRow> rows = flows.read(file);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("file", file.getFileName().toString());
            entry.put("sha256", Sha256.of(Files.readAllBytes(file)));
            entry.put("rows", rows.size());
            entry.put("attacks", rows.stream().filter(FlowRow::attack).count());
            sources.add(new IntrusionTrainer.Source(entry, rows));
        }
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        IntrusionEvaluation validation;
        try {
            validation = new IntrusionTrainer(flows.format.profile(), options, progress)
                    .train(sources, name == null ? "intrusion-" + flows.format : name, out);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        progress.done();
        spec.commandLine()
                .getErr()
                .printf(
                        Locale.ROOT,
                        "validation: AUROC %.4f, average precision %.4f, F1 %.4f, detection rate %.4f, "
                                + "false-alarm rate %.4f at threshold %.4f%nmodel written to %s%n",
                        validation.auroc(),
                        validation.averagePrecision(),
                        validation.f1(),
                        validation.detectionRate(),
                        validation.falseAlarmRate(),
                        validation.threshold(),
                        out);
        return 0;
    }

    private TrainingOptions options() {
        TrainingOptions options = TrainingOptions.of(flows.format.profile());
        TrainingFile.apply(config, options, spec);
        options.seed = seed == null ? options.seed : seed;
        options.epochs = epochs == null ? options.epochs : epochs;
        options.falseAlarmRate = falseAlarmRate == null ? options.falseAlarmRate : falseAlarmRate;
        boolean rated = options.falseAlarmRate == null
                ? options.noveltyFolds > 1
                : options.falseAlarmRate >= 0 && options.falseAlarmRate < 1;
        if (!rated || options.epochs < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--false-alarm-rate is a share from 0 to below 1 (without one, two novelty folds at least), "
                            + "--epochs at least 1");
        }
        return options;
    }
}
