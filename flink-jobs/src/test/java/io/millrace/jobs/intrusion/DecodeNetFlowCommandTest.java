package io.millrace.jobs.intrusion;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.millrace.jobs.cli.Millrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DecodeNetFlowCommandTest {
    private final StringWriter errors = new StringWriter();

    @Test
    void malformedContentIsNoFailure(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("x.dat"), "this is no export");
        assertThat(run("netflow", "--json", "--input", file.toString())).isZero();
    }

    @Test
    void wrongArgumentsGiveOneClearLineAndCodeTwo(@TempDir Path folder) {
        assertThat(run("netflow", "--input", folder.resolve("missing").toString()))
                .isEqualTo(2);
        assertThat(errors.toString())
                .startsWith("millrace decode netflow: --input ")
                .contains("is not a file that can be read");
        assertThat(run("netflow")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
    }

    @Test
    void collectingNeedsASomewhereToGo() {
        assertThat(collect("netflow", "--listen", "127.0.0.1:0")).isEqualTo(2);
        assertThat(collect("netflow", "--listen", "nonsense", "--json")).isEqualTo(2);
        assertThat(collect("netflow", "--bootstrap", "127.0.0.1:9")).isEqualTo(2);
        assertThat(collect("zeek", "--input", "missing", "--json")).isEqualTo(2);
    }

    private int run(String... arguments) {
        return execute("decode", arguments);
    }

    private int collect(String... arguments) {
        return execute("collect", arguments);
    }

    private int execute(String command, String... arguments) {
        return Millrace.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute(Stream.concat(Stream.of(command), Stream.of(arguments)).toArray(String[]::new));
    }
}
