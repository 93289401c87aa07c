package io.millrace.jobs.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace collect}: brings flows and audio of the outer world in. */
@Command(
        name = "collect",
        description =
                "Collects flows from exporters and logs, and audio, and writes them to Kafka; flows may be printed instead.",
        subcommands = {
            CollectNetFlowCommand.class,
            CollectZeekCommand.class,
            CollectEveCommand.class,
            CollectAudioCommand.class
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace collect netflow --listen 127.0.0.1:2055 --json"})
public final class CollectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to collect: netflow, zeek, eve or audio");
    }
}
