package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.millrace.jobs.config.Durations;
import io.millrace.jobs.demo.DemoStage;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.models.speech.SpeechModel;
import io.millrace.operators.inference.FolderModelLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class DemoCommandTest {

    private final StringWriter out = new StringWriter();

    private List<String> stages(String... options) {
        CommandLine line = DemoCommand.of(StageCatalogue.found())
                .registerConverter(Duration.class, Durations::parse)
                .setOut(new PrintWriter(out, true));
        line.parseArgs(options);
        DemoCommand command = line.getCommand();
        return command.stages().stream().map(DemoStage::name).toList();
    }

    private static boolean modelShips() {
        try {
            FolderModelLoader.find(FolderModelLoader.SHIPPED, SpeechModel.KIND);
            return true;
        } catch (IOException none) {
            return false;
        }
    }

    @Test
    void bothJobsRunUnlessOneIsAskedFor() {
        assumeTrue(modelShips(), "no default speech model in this build");
        assertThat(stages()).containsExactly("intrusion", "speech");
        assertThat(stages("--only", "speech")).containsExactly("speech");
        assertThat(stages("--only", "intrusion")).containsExactly("intrusion");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void withoutAModelItSaysThatItRunsWithoutSpeech() {
        assumeFalse(modelShips(), "this build has a default speech model");
        assertThat(stages()).containsExactly("intrusion");
        assertThat(out.toString()).startsWith("Without speech: ").contains("no default speech model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--streams=0 | --streams must be 1 to 1000",
                "--streams=1001 | --streams must be 1 to 1000",
                "--listen-audio=nowhere | --listen-audio must be HOST:PORT",
                "--only=tea | --only",
            })
    void aWrongOptionGetsAClearLineAndExitCodeTwo(String option, String message) {
        assertThat(refused("demo", option)).contains(message);
    }

    @Test
    void aModelThatWasAskedForAndIsNotThereIsRefused(@TempDir Path empty) {
        assertThat(refused("demo", "--speech-model=" + empty)).contains("speech cannot be heard", empty.toString());
        assertThat(refused("demo", "--only=speech", "--speech-model=" + empty)).contains("speech cannot be heard");
    }

    private static String refused(String... arguments) {
        StringWriter errors = new StringWriter();
        CommandLine millrace = Millrace.commandLine().setErr(new PrintWriter(errors, true));
        assertThat(millrace.execute(arguments)).isEqualTo(2);
        return errors.toString();
    }
}
