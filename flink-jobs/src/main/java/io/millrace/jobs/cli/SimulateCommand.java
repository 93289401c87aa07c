package io.millrace.jobs.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace simulate}: input streams made up. */
@Command(
        name = "simulate",
        description = "Makes an input stream: realistic, labelled, seeded.",
        subcommands = {SimulateFlowsCommand.class, SimulateAudioCommand.class, SimulateCorpusCommand.class},
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace simulate flows --rate 100 --duration 60s"})
public final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to simulate: flows, audio or corpus");
    }
}
