package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ParityCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("parity"), Stream.of(args)).toArray(String[]::new));
    }

    @Test
    void endsWithTwoAndOneLineForAFolderThatIsNotThere(@TempDir Path folder) {
        assertThat(run("flowtransformer", folder.resolve("none").toString(), "--json"))
                .isEqualTo(2);
        assertThat(err.toString().lines().findFirst())
                .hasValueSatisfying(
                        line -> assertThat(line).contains("not there").contains("none"));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void endsWithTwoForAFolderWithoutFixtures(@TempDir Path folder) throws IOException {
        assertThat(run("flowtransformer", folder.toString())).isEqualTo(2);
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.write(folder.resolve("weights.safetensors"), new byte[] {1, 2, 3});
        assertThat(run("flowtransformer", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("not a safetensors file");
    }

    @Test
    void asksForANetwork() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("flowtransformer");
    }
}
