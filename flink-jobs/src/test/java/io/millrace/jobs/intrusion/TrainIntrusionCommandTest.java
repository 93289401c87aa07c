package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.cli.Millrace;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** {@code train intrusion} and {@code evaluate intrusion} on a few flows. */
class TrainIntrusionCommandTest {
    private static final String SMALL = """
            width: 8
            layers: 1
            heads: 1
            headDim: 8
            feedForward: 8
            mlpWidth: 8
            embeddingDim: 2
            window: 4
            noveltyFolds: 0
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path data;
    private Path options;

    @BeforeEach
    void makeFlows() throws IOException {
        data = Files.write(folder.resolve("flows.txt"), rows(240));
        options = Files.writeString(folder.resolve("options.yaml"), SMALL);
    }

    /** NSL-KDD lines in which attacks have many more source bytes and their own service. */
    private static List<String> rows(int count) {
        Random random = new Random(1);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean attack = i % 3 == 0;
            StringBuilder row = new StringBuilder("0,tcp,")
                    .append(attack ? "private" : "http")
                    .append(",SF,");
            row.append(attack ? 5000 + random.nextInt(1000) : random.nextInt(100));
            row.append(",1".repeat(36)).append(attack ? ",neptune" : ",normal").append(",20");
            rows.add(row.toString());
        }
        return rows;
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int train(String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "intrusion", "--format", "nsl-kdd"));
        arguments.addAll(List.of(
                "--data", data.toString(), "--out", folder.resolve("model").toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void whatIsTrainedIsWrittenWithItsDataAndJudges() throws IOException {
        assertThat(train("--config=" + options, "--epochs=2", "--seed=5", "--false-alarm-rate=0.05", "--name=mine"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).as("nothing but results, and there are none").isEmpty();
        assertThat(err.toString())
                .contains("epoch 1: ", "epoch 2: ", "validation: AUROC ", "model written to " + folder.resolve("model"))
                .doesNotContain("epoch 3");
        JsonNode card =
                new ObjectMapper().readTree(folder.resolve("model/card.json").toFile());
        assertThat(card.toString()).contains("\"mine", "flows.txt", "\"rows\":240", "\"attacks\":80");
        assertThat(card.at("/training/seed").asInt()).isEqualTo(5);

        String model = folder.resolve("model").toString();
        assertThat(run(
                        "evaluate",
                        "intrusion",
                        "--model",
                        model,
                        "--format",
                        "nsl-kdd",
                        "--data",
                        data.toString(),
                        "--json"))
                .as(err.toString())
                .isZero();
        JsonNode figures = new ObjectMapper().readTree(out.toString());
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(figures.get("rows").asInt()).isEqualTo(240);
        assertThat(figures.get("auroc").asDouble()).isBetween(0.0, 1.0);
        assertThat(figures.at("/per_kind/neptune/rows").asInt()).isEqualTo(80);
        assertThat(figures.get("detection_rate").asDouble())
                .as("there are no other attacks")
                .isCloseTo(figures.at("/per_kind/neptune/detected").asInt() / 80.0, within(1e-9));

        assertThat(run("evaluate", "intrusion", "--model", model, "--format", "nsl-kdd", "--data", data.toString()))
                .isZero();
        assertThat(out.toString())
                .startsWith("240 flows: AUROC ")
                .contains(figures.at("/per_kind/neptune/detected").asInt() + " of 80 flagged");

        Path benign = Files.write(
                folder.resolve("benign.txt"),
                rows(60).stream().filter(row -> row.contains("normal")).toList());
        assertThat(run(
                        "evaluate",
                        "intrusion",
                        "--model",
                        model,
                        "--format",
                        "nsl-kdd",
                        "--data",
                        benign.toString(),
                        "--json"))
                .as(err.toString())
                .isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("auroc").isNull())
                .as("no attacks, no AUROC")
                .isTrue();

        assertThat(run("evaluate", "intrusion", "--model", model, "--format", "core", "--data", data.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("the model judges flows of profile nsl-kdd, not core");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs=0 | --epochs at least 1",
                "--false-alarm-rate=1 | --false-alarm-rate is a share from 0 to below 1",
                "--false-alarm-rate=-0.1 | --false-alarm-rate is a share from 0 to below 1",
                "--false-alarm-rate=few | Invalid value for option '--false-alarm-rate'",
                "--config=no-such-file.yaml | --config no-such-file.yaml: ",
            })
    void aWrongOptionIsNamedBeforeAnythingIsRead(String option, String message) {
        assertThat(train(option)).isEqualTo(2);
        assertThat(err.toString()).startsWith("millrace train intrusion: ").contains(message);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void anOptionThatThereIsNotIsNamedWithItsFile() throws IOException {
        Files.writeString(options, "widht: 8\n");
        assertThat(train("--config=" + options)).isEqualTo(2);
        assertThat(err.toString()).contains("--config " + options).contains("widht");
    }

    @Test
    void dataThatIsNotThereOrMakesNoSenseIsNamed() throws IOException {
        data = folder.resolve("missing.txt");
        assertThat(train()).isEqualTo(2);
        assertThat(err.toString()).contains("there is no file " + data);
        data = Files.writeString(folder.resolve("wrong.txt"), "1,2,3\n");
        assertThat(train()).isEqualTo(2);
        assertThat(err.toString()).contains("cannot read wrong.txt");
        data = Files.writeString(folder.resolve("empty.txt"), "");
        assertThat(run("evaluate", "intrusion", "--format", "nsl-kdd", "--model", "none", "--data", data.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--model: ");
        assertThat(train()).isEqualTo(2);
        assertThat(err.toString()).contains("0 benign flows and 0 attacks: both are needed");
    }

    @Test
    void aFormatThatThereIsNotIsNamedWithThoseThereAre() {
        assertThat(run("train", "intrusion", "--format", "tea", "--data", data.toString(), "--out", "x"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("no format is called tea; there are [nsl-kdd, unsw, zeek, core]");
    }
}
