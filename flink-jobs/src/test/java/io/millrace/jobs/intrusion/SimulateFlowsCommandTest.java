package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.millrace.connectors.flow.FlowJson;
import io.millrace.jobs.cli.Millrace;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SimulateFlowsCommandTest {
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void writesOneFlowALineAndTheSameOnesAgain() throws IOException {
        Path first = folder.resolve("first.jsonl");
        Path second = folder.resolve("second.jsonl");

        assertThat(run("--rate", "200", "--fast", "--count", "500", "--seed", "3", "--output", first.toString()))
                .isZero();
        assertThat(run("--rate", "200", "--fast", "--count", "500", "--seed", "3", "--output", second.toString()))
                .isZero();

        assertThat(first).hasSameBinaryContentAs(second);
        List<String> lines = Files.readAllLines(first);
        assertThat(lines)
                .hasSize(500)
                .allSatisfy(
                        line -> assertThat(FlowJson.fromLine(line).getLabel()).isNotNull());
        assertThat(errors.toString()).contains("500 flows in ", "benign ");
    }

    @Test
    void keepsThePaceOfTheClockAndStampsTheFlows() throws IOException {
        Path file = folder.resolve("live.jsonl");
        long began = System.nanoTime();

        assertThat(run("--rate", "300", "--duration", "3s", "--output", file.toString()))
                .isZero();

        double seconds = (System.nanoTime() - began) / 1e9;
        assertThat(seconds).isBetween(2.5, 8.0);
        List<FlowRecord> flows =
                Files.readAllLines(file).stream().map(FlowJson::fromLine).toList();
        assertThat(flows).hasSizeBetween(600, 1300);
        assertThat(flows).allSatisfy(flow -> assertThat(flow.getObservedTime()).isNotNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--attack=worm",
                "--drift=at=never",
                "--drift=kind=quic",
                "--exporter=triflow",
                "--rate=-5",
                "--rate=many",
                "--hosts=2",
                "--duration=long",
                "--start=yesterday",
                "--bootstrap=127.0.0.1:9092"
            })
    void aWrongArgumentGetsAClearLineAndExitCodeTwo(String argument) {
        assertThat(run("--fast", "--count=1", argument)).isEqualTo(2);
        assertThat(errors.toString().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).isNotBlank());
    }

    @Test
    void distributionsAreToldWhenAskedForAndKindsAreThoseChosen() throws IOException {
        Path file = folder.resolve("scans.jsonl");
        assertThat(run(
                        "--fast",
                        "--count=400",
                        "--attack=scan",
                        "--attack-share=0.5",
                        "--stats",
                        "--exporter=uniflow",
                        "--start=2026-02-03T04:05:06Z",
                        "--output",
                        file.toString()))
                .isZero();
        assertThat(Files.readAllLines(file).stream().map(FlowJson::fromLine)).allSatisfy(flow -> {
            assertThat(flow.getLabel()).isIn("benign", "scan");
            assertThat(flow.getBytesIn()).as("one direction a flow").isNull();
            assertThat(flow.getEndTime()).isAfter(Instant.parse("2026-02-03T04:05:05Z"));
        });
        assertThat(errors.toString().lines().count())
                .as("a summary and the total")
                .isGreaterThan(3);
        assertThat(errors.toString().lines().reduce((first, last) -> last).orElseThrow())
                .matches("400 flows in .* s \\(.*/s\\): .*scan \\d+.*");
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailure() {
        assertThat(run(
                        "--fast",
                        "--count=1",
                        "--output",
                        folder.resolve("no/such/flows.jsonl").toString()))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("no/such/flows.jsonl");
    }

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "flows";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        PrintWriter writer = new PrintWriter(errors, true);
        return Millrace.commandLine()
                .setErr(writer)
                .setOut(writer)
                .execute(Stream.concat(Stream.of("simulate"), Stream.of(all)).toArray(String[]::new));
    }
}
