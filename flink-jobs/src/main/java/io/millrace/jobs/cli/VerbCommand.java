package io.millrace.jobs.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.millrace.jobs.stage.Verb;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace VERB}: what stages add under a verb. */
@Command(mixinStandardHelpOptions = true)
final class VerbCommand implements Callable<Integer> {

    private final Verb verb;

    @Spec
    private CommandSpec spec;

    private VerbCommand(Verb verb) {
        this.verb = verb;
    }

    /** The command of a verb with those of the stages; the examples of the first are its own. */
    static CommandLine of(Verb verb, List<Object> commands) {
        CommandLine line = new CommandLine(new VerbCommand(verb));
        commands.forEach(line::addSubcommand);
        line.getCommandSpec().name(verb.word());
        line.getCommandSpec()
                .usageMessage()
                .description(verb.summary())
                .footer(line.getSubcommands()
                        .values()
                        .iterator()
                        .next()
                        .getCommandSpec()
                        .usageMessage()
                        .footer());
        return line;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to " + verb.word() + ": " + names());
    }

    private String names() {
        Set<String> names = spec.subcommands().keySet();
        return names.stream().collect(Collectors.joining(", "));
    }
}
