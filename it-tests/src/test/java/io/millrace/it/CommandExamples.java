package io.millrace.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.millrace.jobs.cli.Millrace;
import picocli.CommandLine;

/**
 * The examples in the help of every command: in the footer, behind the line {@code Examples:}, the lines that begin with
 * {@code "  millrace "}.
 */
final class CommandExamples {

    private static final String HEADING = "Examples:";
    private static final String BEGINNING = "  millrace ";

    /**
     * One of them.
     *
     * @param command names of the command in whose help it stands, without {@code millrace}; empty for the root
     * @param line the example as help prints it
     */
    record Example(List<String> command, String line) {

        /** The arguments behind {@code millrace}, without what the shell takes for itself: redirections. */
        List<String> arguments() {
            List<String> arguments = new ArrayList<>();
            for (String word : line.substring(BEGINNING.length()).split(" +")) {
                if (word.equals("<") || word.equals(">") || word.equals("|")) {
                    break;
                }
                arguments.add(word);
            }
            return arguments;
        }

        /** Whether it begins with the names of a command. */
        boolean isOf(String... names) {
            return arguments().size() >= names.length
                    && arguments().subList(0, names.length).equals(List.of(names));
        }
    }

    /** A command with its names, the root's own left out. */
    record Named(List<String> names, CommandLine command) {}

    private CommandExamples() {}

    /** Every command of this build, the root first. */
    static List<Named> commands() {
        List<Named> commands = new ArrayList<>();
        collect(new Named(List.of(), Millrace.commandLine()), commands);
        return commands;
    }

    private static void collect(Named one, List<Named> into) {
        into.add(one);
        one.command().getSubcommands().forEach((name, command) -> {
            List<String> names = new ArrayList<>(one.names());
            names.add(name);
            collect(new Named(names, command), into);
        });
    }

    /** The examples in the help of a command. */
    static List<Example> of(Named command) {
        List<String> footer =
                Arrays.asList(command.command().getCommandSpec().usageMessage().footer());
        int heading = footer.indexOf(HEADING);
        if (heading < 0) {
            return List.of();
        }
        return footer.subList(heading + 1, footer.size()).stream()
                .filter(line -> line.startsWith(BEGINNING))
                .map(line -> new Example(command.names(), line))
                .toList();
    }

    /** All examples. */
    static List<Example> all() {
        return commands().stream().flatMap(command -> of(command).stream()).toList();
    }
}
