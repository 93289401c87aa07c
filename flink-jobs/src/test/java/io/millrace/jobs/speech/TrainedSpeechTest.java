package io.millrace.jobs.speech;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.cli.Millrace;
import io.millrace.simulators.speech.Recordings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** {@code evaluate speech} and the options of {@code train speech}, by a recogniser that has hardly learnt anything. */
class TrainedSpeechTest {
    private static final String TINY = """
            steps: 2
            batch: 2
            validateEvery: 2
            layers: 1
            width: 8
            heads: 2
            subsamplingChannels: 2
            predictionWidth: 4
            jointWidth: 8
            lookAheads: [0, 1]
            lookAheadShares: [0.5, 0.5]
            """;

    @TempDir
    private static Path folder;

    private static Path manifest;
    private static Path options;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Six half seconds of two tones, by two speakers, and a recogniser of two words. */
    @BeforeAll
    static void train() throws IOException {
        float[] all = new float[6 * 8000];
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            for (int s = 0; s < 8000; s++) {
                all[i * 8000 + s] = (float) (0.3 * Math.sin(s * (i % 2 == 0 ? 0.15 : 0.8)));
            }
            lines.append(
                    "{\"audio_filepath\":\"tones.wav\",\"text\":\"%s\",\"offset\":%s,\"duration\":0.5,\"speaker\":\"%s\"}\n"
                            .formatted(i % 2 == 0 ? "low" : "high", i * 0.5, i < 4 ? "ann" : "bob"));
        }
        Recordings.write(folder.resolve("tones.wav"), all);
        manifest = Files.writeString(folder.resolve("tones.jsonl"), lines);
        options = Files.writeString(folder.resolve("options.yaml"), TINY);
        assertThat(new TrainedSpeechTest().train("model", "--name=tones", "--licence=CC0"))
                .isZero();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int train(String model, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "speech", "--manifest", manifest.toString()));
        arguments.addAll(List.of("--config", options.toString()));
        arguments.addAll(List.of("--out", folder.resolve(model).toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private int evaluate(String... more) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", "speech", "--manifest", manifest.toString()));
        arguments.addAll(List.of("--model", folder.resolve("model").toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void theCardSaysWhatWasLearntFrom() throws IOException {
        JsonNode card = json(Files.readString(folder.resolve("model/card.json")));
        assertThat(card.toString()).contains("\"tones", "tones.jsonl: 6 utterances", "CC0");
        assertThat(card.at("/training/seed").asLong()).isEqualTo(1);
    }

    @Test
    void figuresAreThoseOfTheWordsHeard() throws IOException {
        assertThat(evaluate("--json")).as(err.toString()).isZero();
        assertThat(out.toString()).hasLineCount(1);
        JsonNode figures = json(out.toString());
        assertThat(figures.get("utterances").asInt()).isEqualTo(6);
        assertThat(figures.get("words").asInt()).isEqualTo(6);
        long wrong = figures.get("substitutions").asLong()
                + figures.get("deletions").asLong()
                + figures.get("insertions").asLong();
        assertThat(figures.get("wer").asDouble()).isCloseTo(wrong / 6.0, within(1e-9));
        assertThat(figures.get("audio_seconds").asDouble()).isEqualTo(3);
        assertThat(figures.get("head").asText()).isEqualTo("ctc");
        assertThat(figures.get("beam").asInt()).isEqualTo(1);
        assertThat(figures.get("cache").asText()).isEqualTo("float32");
        assertThat(figures.get("lookahead_ms").asInt())
                .isEqualTo(80 * figures.get("lookahead").asInt());
        assertThat(figures.has("word_times")).isFalse();

        assertThat(evaluate("--errors")).isZero();
        assertThat(out.toString())
                .startsWith("6 utterances, 6 words: WER ")
                .contains("(" + figures.get("substitutions").asInt() + " substitutions, "
                        + figures.get("deletions").asInt() + " deletions, "
                        + figures.get("insertions").asInt() + " insertions)")
                .contains("3.0 s of audio in ");
        assertThat(err.toString().lines().filter(line -> line.startsWith("  said  ")))
                .as("those with errors, each with what was heard")
                .hasSameSizeAs(err.toString()
                        .lines()
                        .filter(line -> line.startsWith("  heard "))
                        .toList());
        assertThat(err.toString().isEmpty()).isEqualTo(wrong == 0);
    }

    @Test
    void whatIsAskedForIsWhatIsJudged() throws IOException {
        assertThat(evaluate("--json", "--speaker", "bob", "--head", "rnnt", "--lookahead", "1", "--cache", "float16"))
                .as(err.toString())
                .isZero();
        JsonNode figures = json(out.toString());
        assertThat(figures.get("utterances").asInt()).isEqualTo(2);
        assertThat(figures.get("audio_seconds").asDouble()).isEqualTo(1);
        assertThat(figures.get("head").asText()).isEqualTo("rnnt");
        assertThat(figures.get("lookahead").asInt()).isEqualTo(1);
        assertThat(figures.get("cache").asText()).isEqualTo("float16");
        assertThat(evaluate("--json", "--beam", "3")).as(err.toString()).isZero();
        assertThat(json(out.toString()).get("beam").asInt()).isEqualTo(3);
    }

    @Test
    void theLastSecondsCanBeEncodedAnew() throws IOException {
        assertThat(evaluate("--json", "--buffer", "1")).as(err.toString()).isZero();
        assertThat(json(out.toString()).get("utterances").asInt()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--speaker=eve | tones.jsonl has no utterances of [eve]",
                "--device=tpu | tpu",
                "--lookahead=5 | look-ahead",
                "--lookahead=-1 | look-ahead",
                "--beam=0 | beam must be from 1 to 32, got 0",
                "--buffer=-1 | buffer",
            })
    void whatCannotBeJudgedIsSaid(String option, String message) {
        assertThat(evaluate(option, "--json")).isEqualTo(2);
        assertThat(err.toString().strip())
                .hasLineCount(1)
                .startsWith("millrace evaluate speech: ")
                .containsIgnoringCase(message);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameWeights() throws IOException {
        assertThat(train("again")).as(err.toString()).isZero();
        assertThat(train("other", "--seed=2")).isZero();
        byte[] weights = Files.readAllBytes(folder.resolve("model/weights.safetensors"));
        assertThat(folder.resolve("again/weights.safetensors")).hasBinaryContent(weights);
        assertThat(Files.readAllBytes(folder.resolve("other/weights.safetensors")))
                .isNotEqualTo(weights);
        assertThat(out.toString()).as("nothing but results, and there are none").isEmpty();
    }

    @Test
    void whatCannotBeLearntIsSaid() {
        assertThat(train("none", "--leave-out", "ann", "bob")).isEqualTo(2);
        assertThat(err.toString()).contains("millrace train speech: ");
        assertThat(train("none", "--steps=0")).isEqualTo(2);
        assertThat(err.toString()).contains("steps");
        assertThat(train("none", "--from", folder.resolve("missing").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("missing");
        assertThat(folder.resolve("none/weights.safetensors")).doesNotExist();
    }
}
