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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code evaluate speech --transcripts}: figures of transcripts that others wrote, counted by hand. */
class JudgedTranscriptsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int judge(String lines, String... more) throws IOException {
        Path manifest = Files.writeString(folder.resolve("said.jsonl"), lines);
        return run(manifest, more);
    }

    private int run(Path manifest, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments =
                new ArrayList<>(List.of("evaluate", "speech", "--transcripts", "--manifest", manifest.toString()));
        arguments.addAll(List.of(more));
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    private JsonNode figures() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    private static final String LINES = """
            {"text":"one two three","pred_text":"One too three","speaker":"ann"}

            {"text":"four five","pred_text":"four","speaker":"bob"}
            {"text":"six","pred_text":"six seven","speaker":"bob"}
            """;

    @Test
    void everyKindOfErrorIsCounted() throws IOException {
        assertThat(judge(LINES, "--json")).as(err.toString()).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(figures().get("utterances").asInt()).isEqualTo(3);
        assertThat(figures().get("words").asInt()).isEqualTo(6);
        assertThat(figures().get("substitutions").asInt()).isEqualTo(1);
        assertThat(figures().get("deletions").asInt()).isEqualTo(1);
        assertThat(figures().get("insertions").asInt()).isEqualTo(1);
        assertThat(figures().get("wer").asDouble()).isEqualTo(0.5);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutJsonItIsTheSameOverSeveralLines() throws IOException {
        assertThat(judge(LINES)).isZero();
        assertThat(out.toString().lines().count()).isGreaterThan(5);
        assertThat(figures().get("wer").asDouble()).isEqualTo(0.5);
    }

    @Test
    void speakersAreJudgedAloneWhenNamed() throws IOException {
        assertThat(judge(LINES, "--json", "--speaker", "ann")).isZero();
        assertThat(figures().get("words").asInt()).isEqualTo(3);
        assertThat(judge(LINES, "--json", "--speaker", "ann", "bob")).isZero();
        assertThat(figures().get("words").asInt()).isEqualTo(6);
    }

    @Test
    void speakersThatThereAreNotAreNoResult() throws IOException {
        assertThat(judge(LINES, "--json", "--speaker", "eve")).isEqualTo(2);
        assertThat(err.toString()).contains("said.jsonl has no utterances of [eve]");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void wordsThatWereNotSaidHaveNoRate() throws IOException {
        assertThat(judge("{\"text\":\"\",\"pred_text\":\"boo\"}\n", "--json")).isZero();
        assertThat(figures().get("wer").isNull()).isTrue();
        assertThat(figures().get("insertions").asInt()).isEqualTo(1);
    }

    @Test
    void aManifestThatIsMissingOrMakesNoSenseIsAWrongArgument() throws IOException {
        Path missing = folder.resolve("missing.jsonl");
        assertThat(run(missing)).isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo("millrace evaluate speech: there is no manifest " + missing);
        assertThat(judge("{\"text\":\n")).isEqualTo(2);
        assertThat(err.toString().strip()).endsWith("said.jsonl: not JSON: {\"text\":");
        assertThat(judge("{\"text\":\"one\",\"pred_text\":3}\n")).isEqualTo(2);
        assertThat(err.toString()).contains("every line must hold text and pred_text, not {\"text\":\"one\"");
    }
}
