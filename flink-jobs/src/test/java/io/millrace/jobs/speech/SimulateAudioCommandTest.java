package io.millrace.jobs.speech;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.millrace.jobs.cli.Millrace;
import io.millrace.schemas.AudioEncoding;
import io.millrace.simulators.speech.stream.AudioScenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class SimulateAudioCommandTest {
    private static final List<String> KAFKA = List.of("--bootstrap=127.0.0.1:9", "--registry=http://127.0.0.1:9");

    private final StringWriter errors = new StringWriter();

    @Test
    void everyOptionReachesTheScenario() {
        SimulateAudioCommand command = new SimulateAudioCommand();
        CommandLine line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
        List<String> arguments = new ArrayList<>(KAFKA);
        arguments.addAll(List.of("--fsdd=dir", "--fast", "--streams=7", "--count=20", "--duration=90s", "--seed=4"));
        arguments.addAll(List.of("--stagger=2s", "--utterances=9", "--pause=100ms,2s", "--rates=8000,44100"));
        arguments.addAll(List.of("--encodings=mulaw", "--chunk-ms=40", "--stereo=0.5", "--noise-db=12.5"));
        arguments.addAll(List.of("--loss=0.1", "--duplicates=0.2", "--jitter=300ms", "--id-prefix=x"));
        line.parseArgs(arguments.toArray(String[]::new));
        assertThat(command.scenario())
                .isEqualTo(new AudioScenario(
                        4,
                        Instant.parse("2026-01-05T09:00:00Z"),
                        7,
                        20,
                        Duration.ofSeconds(90),
                        Duration.ofSeconds(2),
                        9,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2),
                        List.of(8000, 44_100),
                        List.of(AudioEncoding.MULAW),
                        List.of(40),
                        0.5,
                        12.5,
                        new AudioScenario.Line(0.1, 0.2, Duration.ofMillis(300)),
                        "x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--streams=0 | streams must be 1 to 100000: 0",
                "--jitter=soon | 'soon' is no duration",
                "--pause=1s | --pause takes two durations",
                "--start=today | not an instant: 'today'",
                "--loss=1 | loss must be from 0 to below 1",
                "--speed=0 | --speed must be positive",
                "--rates=1 | no rate for speech: 1",
                "--encodings=UNKNOWN | UNKNOWN",
            })
    void aWrongOptionGetsAClearLineAndExitCodeTwo(String option, String message) {
        assertThat(run("--fsdd=nowhere", option)).isEqualTo(2);
        assertThat(errors.toString().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains(message));
    }

    @Test
    void exactlyOneSourceIsNeeded() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--fsdd=a", "--manifest=b")).isEqualTo(2);
    }

    @Test
    void aSourceThatIsNotThereIsNamed(@TempDir Path folder) throws Exception {
        assertThat(run("--fsdd=" + folder)).isEqualTo(2);
        assertThat(errors.toString()).startsWith("millrace simulate audio: " + folder + " has no index.csv");
        errors.getBuffer().setLength(0);
        assertThat(run("--manifest=" + folder.resolve("m"))).isEqualTo(2);
        assertThat(errors.toString()).contains("is not a file that can be read");
        errors.getBuffer().setLength(0);
        Path manifest = Files.writeString(folder.resolve("m"), "{}\n");
        assertThat(run("--manifest=" + manifest)).isEqualTo(2);
        assertThat(errors.toString()).contains(manifest + " line 1: no text \"audio_filepath\"");
    }

    private int run(String... options) {
        List<String> arguments = new ArrayList<>(List.of("audio"));
        arguments.addAll(List.of(options));
        arguments.addAll(KAFKA);
        return Millrace.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute(
                        Stream.concat(Stream.of("simulate"), arguments.stream()).toArray(String[]::new));
    }
}
