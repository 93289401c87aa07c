package io.millrace.it;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.millrace.it.recovery.BabbleModel;
import io.millrace.jobs.cli.Millrace;
import io.millrace.models.speech.SpeechModel;
import io.millrace.operators.inference.FolderModelLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/** The demo as it is started from the command line, with a broker, a registry and a cluster of its own. */
@Timeout(400)
class DemoIT {

    private static final Pattern STREAMS = Pattern.compile("([\\d,]+) streams; streams heard to their end ([\\d,]+);");
    private static final Pattern FLOWS = Pattern.compile("Flows in ([\\d,]+); detections out ([\\d,]+) ");
    private static final Pattern WORDS = Pattern.compile("([\\d,]+) of ([\\d,]+) words wrong");

    private static String demo(String... options) {
        List<String> arguments = new ArrayList<>(List.of("demo"));
        arguments.addAll(Arrays.asList(options));
        StringWriter out = new StringWriter();
        CommandLine millrace = Millrace.commandLine().setOut(new PrintWriter(out, true));
        int code = millrace.execute(arguments.toArray(new String[0]));
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    private static long[] figures(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return new long[] {number(matcher.group(1)), number(matcher.group(2))};
    }

    private static long number(String text) {
        return Long.parseLong(text.replace(",", ""));
    }

    /** The model knows no words: whatever it makes of them, every stream is answered. */
    @Test
    void bothJobsAnswerEverythingSideBySide(@TempDir Path folder) throws Exception {
        BabbleModel.write(folder.resolve("model"));

        String output = demo(
                "--duration=10s",
                "--rate=50",
                "--streams=3",
                "--listen-audio=127.0.0.1:0",
                "--speech-model=" + folder.resolve("model"));

        long[] flows = figures(FLOWS, output);
        assertThat(flows[0]).isPositive().isEqualTo(flows[1]);
        long[] streams = figures(STREAMS, output);
        assertThat(streams[0]).isGreaterThanOrEqualTo(3).isEqualTo(streams[1]);
        assertThat(output).contains("Live audio: ws://127.0.0.1:");
    }

    @Test
    void theModelThatShipsUnderstandsTheDigits() {
        try {
            FolderModelLoader.find(FolderModelLoader.SHIPPED, SpeechModel.KIND);
        } catch (IOException none) {
            String skipped = "SKIPPED: the demo's speech is not judged: " + none.getMessage();
            System.err.println(skipped);
            abort(skipped);
        }
        String output = demo("--only=speech", "--duration=25s", "--streams=3");

        assertThat(output)
                .contains("HEARD ", "ALERT INFORMATIONAL keyword \"nine\" in call-")
                .doesNotContain("Flows in");
        long[] streams = figures(STREAMS, output);
        assertThat(streams[0]).isEqualTo(streams[1]);
        long[] words = figures(WORDS, output.substring(output.indexOf("Against what was said")));
        assertThat(words[1]).isPositive();
        // The recordings are few, and some chunks of them are lost: this tells hearing from babble, no more.
        assertThat((double) words[0] / words[1]).isLessThan(0.4);
    }
}
