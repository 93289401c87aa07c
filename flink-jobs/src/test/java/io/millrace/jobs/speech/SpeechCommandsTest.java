package io.millrace.jobs.speech;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.jobs.cli.Millrace;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.models.speech.training.SpeechTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Wrong arguments of the commands that make, import and judge recognisers, and what they say on the way. */
class SpeechCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        err.getBuffer().setLength(0);
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void refused(String message, String... arguments) {
        assertThat(run(arguments)).as(String.join(" ", arguments)).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains(message);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aCheckpointThatIsMissingOrIsNoneIsNamed() throws IOException {
        String out = folder.resolve("model").toString();
        Path missing = folder.resolve("missing.nemo");
        refused("not there: " + missing, "import", "speech", "--checkpoint", missing.toString(), "--out", out);
        Path text = Files.writeString(folder.resolve("text.nemo"), "this is no archive");
        refused("text.nemo", "import", "speech", "--checkpoint", text.toString(), "--out", out);
        assertThat(folder.resolve("model")).doesNotExist();
        refused("'--out=DIR'", "import", "speech", "--checkpoint", text.toString());
    }

    @Test
    void aModelOrManifestThatIsMissingIsNamed() {
        Path missing = folder.resolve("missing.jsonl");
        refused("there is no manifest " + missing, "evaluate", "speech", "--manifest", missing.toString());
        refused(
                "there is no manifest " + missing,
                "train",
                "speech",
                "--manifest",
                missing.toString(),
                "--out",
                folder.resolve("model").toString());
        refused(
                folder.resolve("none").toString(),
                "evaluate",
                "speech",
                "--model",
                folder.resolve("none").toString(),
                "--manifest",
                missing.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--head=tail | '--head': expected one of",
                "--cache=float8 | '--cache': expected one of",
                "--beam=many | '--beam'",
                "--lookahead=far | '--lookahead'",
                "--buffer=long | '--buffer'",
            })
    void aSearchThatThereIsNotIsNamed(String option, String message) {
        refused(message, "evaluate", "speech", "--manifest", "m", option);
    }

    @ParameterizedTest
    @CsvSource({"7-3", "0-3", "3", "3-4-5"})
    void digitsOfAStringAreTheFewestAndTheMost(String digits) {
        refused(
                "--digits is the fewest and the most digits of a string, as in 3-7",
                "simulate",
                "corpus",
                "--out",
                folder.resolve("corpus").toString(),
                "--commands=0",
                "--digits=" + digits);
    }

    @Test
    void aCorpusOfNothingIsMadeWithoutAWord() {
        assertThat(run("simulate", "corpus", "--out", folder.resolve("corpus").toString(), "--commands=0"))
                .isZero();
        assertThat(out.toString() + err).isEmpty();
    }

    @Test
    void recordingsThatAreNotThereFail() {
        String[] arguments = {
            "simulate", "corpus", "--commands=0", "--out", folder.resolve("c").toString(), "--fsdd", folder.toString()
        };
        assertThat(run(arguments)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("millrace simulate corpus: ")
                .contains("index.csv")
                .hasLineCount(1);
    }

    @Test
    void theSearchIsWhatTheOptionsSay() {
        assertThat(search()).isEqualTo(Search.of(UtteranceDecoder.Head.CTC, 1, List.of(), Search.PHRASE_BOOST));
        assertThat(search("--head=rnnt", "--phrase", "call me", "later"))
                .isEqualTo(Search.of(
                        UtteranceDecoder.Head.RNNT,
                        Search.BOOSTED_BEAM,
                        List.of("call me", "later"),
                        Search.PHRASE_BOOST));
        assertThat(search("--beam=7", "--phrase", "x", "--phrase-boost=1.5").phraseBoost())
                .isEqualTo(1.5);
        assertThatThrownBy(() -> search("--beam=0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beam must be from 1 to 32, got 0");
        assertThatThrownBy(() -> search("--phrase-boost=0")).hasMessageStartingWith("phrase-boost must be above 0");
    }

    private static Search search(String... options) {
        SearchOptions parsed = new SearchOptions();
        new CommandLine(parsed).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(options);
        return parsed.search();
    }

    @Test
    void whatIsNotSaidIsTheSameOnTheCommandLineAndInTheJob() {
        SpeechConfiguration job = ConfigurationReader.of(SpeechConfiguration.class, Map.of());
        assertThat(search().head()).isEqualTo(job.search().head()).isEqualTo(UtteranceDecoder.Head.STANDARD);
        assertThat(search()).isEqualTo(job.search());
    }

    @Test
    void aTrainingIsToldNowAndThenAndEachValidationStays() {
        SpeechProgress progress = new SpeechProgress(new PrintWriter(err));
        for (int step : new int[] {1, 200, 201, 400, 401}) {
            progress.progress(new SpeechTrainingListener.Progress(step, 1000, 1.5, 2.25, 0.125, 300));
        }
        progress.validated(new SpeechTrainingListener.Validation(401, "digits", 6, 0.0625, 0.05));
        progress.done();
        List<String> lines = new ArrayList<>(err.toString().lines().toList());
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .startsWith("step 1/1000, ")
                .endsWith(": ctc 1.500, rnnt 2.250, padding 12.5 %, 300 s of audio a second");
        assertThat(lines.get(1)).startsWith("step 201/1000, ");
        assertThat(lines.get(2)).startsWith("step 401/1000, ");
        assertThat(lines.get(3)).isEqualTo("  digits, look-ahead 480 ms: WER 6.25 % by CTC, 5.00 % by RNNT");
    }
}
