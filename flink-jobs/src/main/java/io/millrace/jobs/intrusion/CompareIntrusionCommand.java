package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.millrace.models.card.Sha256;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.comparison.Combination;
import io.millrace.models.intrusion.comparison.CombinationResult;
import io.millrace.models.intrusion.comparison.CombinationTrial;
import io.millrace.models.intrusion.comparison.ComparisonTable;
import io.millrace.models.intrusion.comparison.TrialSettings;
import io.millrace.models.intrusion.comparison.WindowFeatures;
import io.millrace.models.intrusion.reference.ReferenceConfig;
import io.millrace.models.torch.EngineSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the FlowTransformer paper's table of encodings, heads and blocks. */
@Command(
        name = "intrusion",
        description = {
            "Trains the FlowTransformer paper's combinations of input encoding, blocks and head on the same windows and "
                    + "writes a table of them (Markdown, CSV, JSON).",
            "A combination that the directory already has is not trained again: broken off, it goes on where it stopped."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  millrace compare intrusion --format nsl-kdd --data KDDTrain+.txt --test-data KDDTest+.txt --out table"
        })
public final class CompareIntrusionCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    IntrusionDataOptions flows;

    @Option(
            names = "--test-data",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled flows to judge.")
    List<Path> testData;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the table goes.")
    Path out;

    @Option(
            names = "--blocks",
            split = ",",
            paramLabel = "BLOCKS",
            defaultValue = "encoder",
            description =
                    "Kinds of block: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}; GPT and BERT are slow).")
    List<ReferenceConfig.Blocks> blocks;

    @Option(
            names = "--encodings",
            split = ",",
            paramLabel = "ENCODINGS",
            defaultValue = "none,record_dense,record_projection,field_dense,field_projection,field_lookup",
            description = "Input encodings: ${COMPLETION-CANDIDATES} (default: all).")
    List<ReferenceConfig.Encoding> encodings;

    @Option(
            names = "--heads",
            split = ",",
            paramLabel = "HEADS",
            defaultValue = "last_token,flatten,global_average_pooling,cls,featurewise_dense",
            description = "Classification heads: ${COMPLETION-CANDIDATES} (default: all but the projection).")
    List<ReferenceConfig.Head> heads;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "8000",
            description = "Training windows, drawn at random (default: ${DEFAULT-VALUE}).")
    int windows;

    @Option(
            names = "--test-windows",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Test windows, drawn at random (default: ${DEFAULT-VALUE}).")
    int testWindows;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "2",
            description = "Passes over the training windows (default: ${DEFAULT-VALUE}).")
    int epochs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of everything random.")
    long seed;

    @Override
    public Integer call() throws IOException {
        EngineSettings.singleThreaded().apply();
        PrintWriter progress = spec.commandLine().getErr();
        ComparisonTable table;
        CombinationTrial trial;
        try {
            List<FlowRow> rows = flows.readAll();
            List<FlowRow> testRows = new ArrayList<>();
            testData.forEach(file -> testRows.addAll(flows.read(file)));
            TrialSettings settings =
                    new TrialSettings(hash(flows.data), hash(testData), windows, testWindows, epochs, seed);
            table = new ComparisonTable(out, settings);
            WindowFeatures features = new WindowFeatures(flows.format.profile(), rows);
            trial = new CombinationTrial(features, features.encode(rows), features.encode(testRows), settings);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        List<Combination> all = Combination.all(blocks, encodings, heads);
        for (int i = 0; i < all.size(); i++) {
            Combination combination = all.get(i);
            String name = String.format(Locale.ROOT, "%d/%d %s", i + 1, all.size(), combination.words());
            if (table.has(combination)) {
                progress.println(name + ": there already");
                continue;
            }
            CombinationResult result = trial.run(combination, done -> show(progress, name, done));
            table.add(result);
            progress.printf(
                    Locale.ROOT,
                    "%s: %,d parameters, F1 %.4f, AUROC %.4f, detection rate %.4f, false-alarm rate %.4f, %.0f flows/s%n",
                    name,
                    result.parameters(),
                    result.f1(),
                    result.auroc(),
                    result.detectionRate(),
                    result.falseAlarmRate(),
                    result.flowsPerSecond());
            progress.flush();
        }
        spec.commandLine().getOut().println("table written to " + out.resolve(ComparisonTable.MARKDOWN));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static void show(PrintWriter progress, String name, double done) {
        if (System.console() != null) {
            progress.printf(Locale.ROOT, "\r%s: %3.0f %% ", name, 100 * done);
            progress.flush();
            if (done >= 1) {
                progress.print('\r');
            }
        }
    }

    private static String hash(List<Path> files) throws IOException {
        StringBuilder hashes = new StringBuilder();
        for (Path file : files) {
            hashes.append(Sha256.of(Files.readAllBytes(file)));
        }
        return Sha256.of(hashes.toString().getBytes(StandardCharsets.UTF_8));
    }
}
