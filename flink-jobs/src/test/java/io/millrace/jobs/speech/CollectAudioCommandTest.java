package io.millrace.jobs.speech;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.millrace.jobs.cli.Millrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class CollectAudioCommandTest {
    private static final String[] KAFKA = {"--bootstrap", "127.0.0.1:9", "--registry", "http://127.0.0.1:9"};

    private final StringWriter errors = new StringWriter();

    @Test
    void wrongArgumentsGiveOneClearLineAndCodeTwo(@TempDir Path folder) {
        assertThat(run("--stream", "s")).isEqualTo(2);
        assertThat(run("--file", "x", "--stdin", "--stream", "s")).isEqualTo(2);
        errors.getBuffer().setLength(0);
        assertThat(run("--file", folder.resolve("missing").toString(), "--stream", "s"))
                .isEqualTo(2);
        assertThat(errors.toString())
                .startsWith("millrace collect audio: --file ")
                .contains("is not a file that can be read");
        errors.getBuffer().setLength(0);
        assertThat(run("--stdin", "--stream", "s", "--chunk-ms", "0")).isEqualTo(2);
        assertThat(errors.toString()).startsWith("millrace collect audio: chunks of 0 ms");
        assertThat(run("--stdin", "--stream", "s", "--encoding", "UNKNOWN")).isEqualTo(2);
        errors.getBuffer().setLength(0);
        assertThat(run("--stdin", "--stream", "s", "--start", "noon")).isEqualTo(2);
        assertThat(errors.toString()).contains("not an instant: 'noon'");
    }

    @Test
    void whatIsSaidOfTheInputIsChecked() {
        for (String[] wrong : new String[][] {
            {"--channel", "left", "not a channel: 'left'"},
            {"--raw", "mp3:8000", "no coding of raw audio"},
            {"--max-duration", "long", "is no duration"},
            {"--max-bytes", "0", "a limit of 0 bytes"}
        }) {
            errors.getBuffer().setLength(0);
            assertThat(run("--stdin", "--stream", "s", wrong[0], wrong[1])).isEqualTo(2);
            assertThat(errors.toString()).contains(wrong[2]);
        }
    }

    @Test
    void whatIsNoAudioFailsWithTheReason(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("x.wav"), "this is no audio at all");
        assertThat(run("--file", file.toString(), "--stream", "s")).isEqualTo(1);
        assertThat(errors.toString()).contains("x.wav: no sound that is read");
    }

    private int run(String... arguments) {
        String[] all = new String[1 + arguments.length + KAFKA.length];
        all[0] = "audio";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        System.arraycopy(KAFKA, 0, all, 1 + arguments.length, KAFKA.length);
        return Millrace.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute(Stream.concat(Stream.of("collect"), Stream.of(all)).toArray(String[]::new));
    }
}
