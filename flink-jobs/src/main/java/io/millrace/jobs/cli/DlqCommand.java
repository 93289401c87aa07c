package io.millrace.jobs.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace dlq}: what a stage gave up. */
@Command(
        name = "dlq",
        description = "Lists, shows and replays dead letters: records that a stage gave up, with the reason.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DlqListCommand.class, DlqShowCommand.class, DlqReplayCommand.class},
        footer = {"", "Examples:", "  millrace dlq list intrusion --reason LATE --since 1h"})
public final class DlqCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which of list, show and replay?");
    }
}
