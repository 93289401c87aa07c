package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.simulators.speech.Recordings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SpeechTrainingCommandsTest {

    private static final String OPTIONS = """
            steps: 16
            batch: 2
            validateEvery: 16
            layers: 1
            width: 8
            heads: 2
            subsamplingChannels: 2
            predictionWidth: 4
            jointWidth: 8
            """;

    @TempDir
    Path folder;

    private Path manifest;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void tones() throws IOException {
        float[] all = new float[10 * 8000];
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            double hertz = i % 2 == 0 ? 400 : 2000;
            for (int s = 0; s < 8000; s++) {
                all[i * 8000 + s] = (float) (0.3 * Math.sin(2 * Math.PI * hertz * s / 16_000));
            }
            lines.append(
                    "{\"audio_filepath\":\"tones.wav\",\"text\":\"%s\",\"offset\":%s,\"duration\":0.5,\"speaker\":\"%s\"}\n"
                            .formatted(i % 2 == 0 ? "low" : "High", i * 0.5, i < 6 ? "a" : "b"));
        }
        Recordings.write(folder.resolve("tones.wav"), all);
        manifest = folder.resolve("tones.jsonl");
        Files.writeString(manifest, lines);
        Files.writeString(folder.resolve("options.yaml"), OPTIONS);
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Millrace.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int train(String... more) {
        String[] arguments = {
            "train",
            "speech",
            "--manifest",
            manifest.toString(),
            "--validate",
            manifest.toString(),
            "--config",
            folder.resolve("options.yaml").toString(),
            "--out",
            folder.resolve("model").toString()
        };
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    @Test
    void whatIsTrainedCanBeEvaluatedAndTranscribedWith() throws IOException {
        assertThat(train("--leave-out", "b")).as(err.toString()).isZero();
        assertThat(err.toString()).contains("6 utterances", "2 words", "tones, look-ahead 0 ms: WER");
        assertThat(folder.resolve("model/curves.png")).isNotEmptyFile();
        JsonNode card =
                new ObjectMapper().readTree(folder.resolve("model/card.json").toFile());
        assertThat(card.at("/training/data/description").asText()).contains("tones.jsonl", "6 utterances without b");
        assertThat(card.at("/training/metrics").has("tones look-ahead 0 wer ctc"))
                .isTrue();

        assertThat(run(
                        "evaluate",
                        "speech",
                        "--model",
                        folder.resolve("model").toString(),
                        "--manifest",
                        manifest.toString(),
                        "--speaker",
                        "b",
                        "--lookahead",
                        "1",
                        "--json"))
                .as(err.toString())
                .isZero();

        JsonNode figures = new ObjectMapper().readTree(out.toString());
        assertThat(figures.get("utterances").asInt()).isEqualTo(4);
        assertThat(figures.get("words").asInt()).isEqualTo(4);
        long errors = figures.get("substitutions").asLong()
                + figures.get("deletions").asLong()
                + figures.get("insertions").asLong();
        assertThat(figures.get("wer").asDouble()).isEqualTo(errors / 4.0);
        assertThat(figures.get("lookahead_ms").asInt()).isEqualTo(80);
        assertThat(figures.get("audio_seconds").asDouble()).isEqualTo(2.0);
        assertThat(figures.get("real_time_factor").asDouble()).isPositive();
        assertThat(run(
                        "transcribe",
                        folder.resolve("tones.wav").toString(),
                        "--model",
                        folder.resolve("model").toString()))
                .isZero();
    }

    @Test
    void timesOfWordsAreAskedForOnlyWhereTheManifestHasThem() {
        assertThat(run("evaluate", "speech", "--manifest", manifest.toString(), "--word-times"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("of no word it is known both where it was said and where it was heard");
    }

    @Test
    void judgesTranscriptsOfOtherRecognisers() throws IOException {
        Files.writeString(
                manifest,
                "{\"text\":\"one two\",\"pred_text\":\"one too\"}\n" + "{\"text\":\"three\",\"pred_text\":\"\"}\n");

        assertThat(run("evaluate", "speech", "--transcripts", "--manifest", manifest.toString(), "--json"))
                .isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("wer").asDouble())
                .isEqualTo(2 / 3.0);

        Files.writeString(manifest, "{\"text\":\"one two\"}\n");
        assertThat(run("evaluate", "speech", "--transcripts", "--manifest", manifest.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("pred_text");
    }

    @Test
    void goesOnFromAModelWithItsTokens() {
        assertThat(train()).isZero();
        String model = folder.resolve("model").toString();

        assertThat(run(
                        "train",
                        "speech",
                        "--manifest",
                        manifest.toString(),
                        "--config",
                        folder.resolve("options.yaml").toString(),
                        "--from",
                        model,
                        "--out",
                        folder.resolve("second").toString()))
                .as(err.toString())
                .isZero();
        assertThat(folder.resolve("second/tokens.json")).hasSameTextualContentAs(folder.resolve("model/tokens.json"));
    }

    @Test
    void saysWhichLineOfAManifestIsWrong() throws IOException {
        Files.writeString(manifest, "{\"audio_filepath\":\"tones.wav\",\"text\":\"low\"}\n{\"text\":\"low\"}\n");

        assertThat(train()).isEqualTo(2);
        assertThat(err.toString()).contains("tones.jsonl line 2", "audio_filepath");

        Files.writeString(manifest, "{\"audio_filepath\":\"none.wav\",\"text\":\"low\"}\n");
        assertThat(train()).isEqualTo(2);
        assertThat(err.toString()).contains("line 1", "none.wav");

        Files.writeString(
                manifest, "{\"audio_filepath\":\"tones.wav\",\"text\":\"low\",\"offset\":9,\"duration\":1}\n");
        assertThat(train()).isEqualTo(2);
        assertThat(err.toString()).contains("line 1", "outside");
    }

    @Test
    void namesAnOptionThatThereIsNot() throws IOException {
        Files.writeString(folder.resolve("options.yaml"), "stepz: 3\n");

        assertThat(train()).isEqualTo(2);
        assertThat(err.toString()).contains("stepz");
    }
}
