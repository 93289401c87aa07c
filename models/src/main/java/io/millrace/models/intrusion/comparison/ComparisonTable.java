package io.millrace.models.intrusion.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A comparison kept in a directory: results as JSON, and the table made of them in Markdown and as comma-separated values.
 * A result once there is there for good, so that a comparison broken off goes on where it stopped.
 */
public final class ComparisonTable {

    /** File of the results. */
    public static final String RESULTS = "comparison.json";

    /** File of the table in Markdown. */
    public static final String MARKDOWN = "comparison.md";

    /** File of the table as comma-separated values. */
    public static final String CSV = "comparison.csv";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final TrialSettings settings;
    private final Map<Combination, CombinationResult> results = new LinkedHashMap<>();

    /** What the file of the results holds. */
    record Stored(
            @JsonProperty("settings") TrialSettings settings,
            @JsonProperty("results") List<CombinationResult> results) {}

    /**
     * Opens the table of a directory, which is made if it is not there.
     *
     * @throws IllegalArgumentException if the directory holds results of other settings
     */
    public ComparisonTable(Path directory, TrialSettings settings) throws IOException {
        this.directory = directory;
        this.settings = settings;
        Files.createDirectories(directory);
        Path file = directory.resolve(RESULTS);
        if (Files.exists(file)) {
            Stored stored = JSON.readValue(file.toFile(), Stored.class);
            if (!stored.settings().equals(settings)) {
                throw new IllegalArgumentException(
                        directory + " holds results of other data, windows, epochs or seed: choose another directory");
            }
            stored.results().forEach(result -> results.put(result.combination(), result));
        }
    }

    /** Whether a combination has its result. */
    public boolean has(Combination combination) {
        return results.containsKey(combination);
    }

    /** Adds a result and writes all files. */
    public void add(CombinationResult result) throws IOException {
        results.put(result.combination(), result);
        // Renamed into place: who stops the program while it writes loses no result.
        Path fresh = directory.resolve(RESULTS + ".new");
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(fresh.toFile(), new Stored(settings, List.copyOf(results.values())));
        Files.move(fresh, directory.resolve(RESULTS), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(directory.resolve(MARKDOWN), markdown());
        Files.writeString(directory.resolve(CSV), csv());
    }

    /** The table in Markdown, under a line with the settings. */
    public String markdown() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "At most %d training and %d test windows of %d consecutive rows, %d epochs, seed %d; flagged from 0.5 on.%n%n",
                settings.trainingWindows(),
                settings.testWindows(),
                Combination.WINDOW,
                settings.epochs(),
                settings.seed()));
        text.append(
                "| blocks | encoding | head | parameters | F1 | AUROC | detection rate | false-alarm rate | flows/s |\n");
        text.append("|---|---|---|---|---|---|---|---|---|\n");
        for (CombinationResult result : results.values()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %,d | %.4f | %.4f | %.4f | %.4f | %,.0f |%n",
                    Combination.words(result.combination().blocks()),
                    Combination.words(result.combination().encoding()),
                    Combination.words(result.combination().head()),
                    result.parameters(),
                    result.f1(),
                    result.auroc(),
                    result.detectionRate(),
                    result.falseAlarmRate(),
                    result.flowsPerSecond()));
        }
        return text.toString();
    }

    private String csv() {
        StringBuilder text = new StringBuilder(
                "blocks,encoding,head,parameters,f1,auroc,detection_rate,false_alarm_rate,flows_per_second\n");
        for (CombinationResult result : results.values()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s,%s,%s,%d,%.6f,%.6f,%.6f,%.6f,%.1f%n",
                    result.combination().blocks(),
                    result.combination().encoding(),
                    result.combination().head(),
                    result.parameters(),
                    result.f1(),
                    result.auroc(),
                    result.detectionRate(),
                    result.falseAlarmRate(),
                    result.flowsPerSecond()));
        }
        return text.toString();
    }
}
