package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole command line: help goes to standard output, what is wrong to standard error in one line. */
class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void refused(String command, String message) {
        assertThat(run(command.split(" "))).as(command).isEqualTo(2);
        assertThat(err.toString().strip()).hasLineCount(1).contains(message);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theVersionIsAResult() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("millrace ").hasLineCount(1);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpOfEveryCommandIsAResultWithAnExample() {
        List<CommandLine> commands = new ArrayList<>();
        collect(Millrace.commandLine(), commands);
        assertThat(commands).hasSizeGreaterThan(30);
        for (CommandLine command : commands) {
            String usage = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
            assertThat(usage).as(command.getCommandSpec().qualifiedName()).contains("Examples:", "  millrace ");
        }
        assertThat(run("help", "stop")).isZero();
        assertThat(out.toString()).contains("Usage: millrace stop", "--savepoint-directory");
        assertThat(err.toString()).isEmpty();
    }

    private static void collect(CommandLine root, List<CommandLine> all) {
        all.add(root);
        root.getSubcommands().values().forEach(command -> collect(command, all));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run | say which stage to run: ",
                "run | intrusion",
                "collect | say what to collect: netflow, zeek",
                "train | say what to train: intrusion, speech",
                "parity | say what to parity: ",
                "dlq | which of list, show and replay?",
                "cluster | say which process to start: jobmanager or taskmanager",
                "jobs | '--jobmanager=HOST:PORT'",
                "jobs --jobmanager here | --jobmanager: the JobManager must be given as HOST:PORT, got here",
                "stop --jobmanager h:1 | 'JOB'",
                "stop x --jobmanager h:1 --limit soon | 'soon' is no duration; write 500ms",
                "dlq show intrusion 17 | a letter is named PARTITION:OFFSET as list shows it, got 17",
                "dlq show intrusion 0:1 --as tea | '--as'",
                "dlq replay intrusion 0:1 0:x | a letter is named PARTITION:OFFSET as list shows it, got 0:x",
                "dlq replay x.dlq --to x.dlq | --to names the topic of the letters itself",
                "dlq replay intrusion --to millrace.intrusion.dlq | --to names the topic of the letters itself",
                "dlq list intrusion --since yesterday | --since: 'yesterday' is no duration",
                "dlq list intrusion --since 2026-01-05T25:00:00Z | --since: not an instant: '2026-01-05T25:00:00Z'",
                "dlq list intrusion --since 999999999999d | --since: '999999999999d' is longer than 36500d",
                "dlq list intrusion --reason boredom | '--reason': expected one of",
                "demo --duration 0s | --duration must be more than nothing and at most 30d",
                "demo --duration 31d | --duration must be more than nothing and at most 30d",
                "demo --dashboard-port 65536 | --dashboard-port must be 0 to 65535, got 65536",
                "demo --parallelism 0 | --parallelism must be 1 to 64, got 0",
                "demo --parallelism 65 | --parallelism must be 1 to 64, got 65",
                "demo --only tea | --only must be one of intrusion, speech, got tea",
                "demo --only intrusion --rate 0.5 | --rate must be 1 to 100000, got 0.5",
                "demo --only intrusion --rate NaN | --rate must be 1 to 100000, got NaN",
                "demo --only intrusion --attack sneeze | --attack: ",
                "demo --only intrusion --model no-such-folder | --model: there is no directory no-such-folder",
                "demo --only intrusion --listen here | --listen must be HOST:PORT, not 'here'",
                "simulate flows --output x --bootstrap b:1 --registry http://r | --output and --bootstrap exclude each",
                "run intrusion --config x --fresh --from-savepoint y | --fresh and --from-savepoint exclude each other",
                "run intrusion --config no-such.yaml | configuration file no-such.yaml does not exist",
                "alerts --bootstrap b:1 --config no-such.yaml | configuration file no-such.yaml does not exist",
            })
    void aWrongArgumentNamesTheOptionAndWhatWouldBeRight(String command, String message) {
        refused(command, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"intrusion", "speech"})
    void aConfigurationThatIsWrongIsRefusedBeforeAnythingIsAsked(String stage, @TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("job.yaml");
        Files.writeString(file, "kafka: {bootstrap: 'b:1'}\nregistry: {url: 'http://r'}\n" + stage + ": {tea: 1}\n");
        refused(
                "run " + stage + " --config " + file,
                file + ": unknown key '" + stage + ".tea' (line 3); known here: [");
    }

    @Test
    void aRegistryThatIsAwayIsAFailureInOneLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("job.yaml"),
                "kafka: {bootstrap: '127.0.0.1:9'}\nregistry: {url: 'http://127.0.0.1:9'}\n"
                        + "flink: {properties: {taskmanager.numberOfTaskSlotz: '2'}}\n");
        assertThat(run("run", "intrusion", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString().strip())
                .hasLineCount(1)
                .startsWith("millrace run intrusion: ")
                .contains("127.0.0.1:9")
                .doesNotContain("Exception");
        assertThat(out.toString()).contains("taskmanager.numberOfTaskSlotz is no option that Flink knows");
        err.getBuffer().setLength(0);
        out.getBuffer().setLength(0);
        assertThat(run("dlq", "list", "intrusion", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString().strip()).hasLineCount(1).startsWith("millrace dlq list: ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anUnknownCommandOrOptionIsTold() {
        refused("nonsense", "nonsense");
        err.getBuffer().setLength(0);
        refused("jobs --jobmanager h:1 --al", "--al");
    }
}
