package io.millrace.jobs.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace run}: a stage against the user's own brokers. */
@Command(
        name = "run",
        description = "Runs a stage against your own brokers, here or on a Flink cluster.",
        subcommands = {RunIntrusionCommand.class, RunSpeechCommand.class},
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace run intrusion --config intrusion.yaml"})
public final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say which stage to run: intrusion or speech");
    }
}
