package io.millrace.jobs.cli;

import java.util.concurrent.Callable;

import io.millrace.jobs.stage.Stage;
import io.millrace.jobs.stage.StageCatalogue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace run}: a stage against the user's own brokers. */
@Command(
        name = "run",
        description = "Runs a stage against your own brokers, here or on a Flink cluster.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** The command with one for each stage. */
    static CommandLine of(StageCatalogue stages) {
        CommandLine run = new CommandLine(new RunCommand());
        for (Stage<?> stage : stages.stages()) {
            run.addSubcommand(stage.name(), RunStageCommand.of(stage, stages));
        }
        stages.names().stream()
                .findFirst()
                .ifPresent(name -> run.getCommandSpec()
                        .usageMessage()
                        .footer("", "Examples:", "  millrace run " + name + " --config " + name + ".yaml"));
        return run;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "say which stage to run: "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
