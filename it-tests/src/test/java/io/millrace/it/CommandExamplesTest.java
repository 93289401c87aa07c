package io.millrace.it;

import java.util.List;
import java.util.stream.Stream;

import io.millrace.jobs.cli.Millrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** Help gives an example of every command, and what it gives can be typed. */
class CommandExamplesTest {

    static Stream<CommandExamples.Example> examples() {
        return CommandExamples.all().stream();
    }

    static Stream<CommandExamples.Named> commands() {
        return CommandExamples.commands().stream();
    }

    @Test
    void theBenchmarksAreAmongTheCommands() {
        assertThat(commands()).extracting(CommandExamples.Named::names).contains(List.of("bench", "alerts"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasAnExampleOfItself(CommandExamples.Named command) {
        List<CommandExamples.Example> examples = CommandExamples.of(command);

        assertThat(examples)
                .as(
                        "examples of millrace %s: lines '  millrace ...' in the footer behind a line 'Examples:'",
                        command.names())
                .isNotEmpty()
                .allMatch(example -> example.isOf(command.names().toArray(String[]::new)));
        assertThat(command.command().getUsageMessage()).contains("Examples:");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theArgumentsOfAnExampleAreUnderstood(CommandExamples.Example example) {
        CommandLine millrace = Millrace.commandLine();

        // Throws where an option is unknown, a value is no such value, or something required is missing.
        List<CommandLine> parsed =
                millrace.parseArgs(example.arguments().toArray(String[]::new)).asCommandLineList();

        CommandLine last = parsed.get(parsed.size() - 1);
        assertThat(last.getSubcommands()).as("a command that only has others").isEmpty();
        assertThat(parsed).hasSizeGreaterThan(example.command().size());
    }
}
