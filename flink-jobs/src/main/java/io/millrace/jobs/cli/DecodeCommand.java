package io.millrace.jobs.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace decode}: looks into files of telemetry. */
@Command(
        name = "decode",
        description = "Looks into files of flow telemetry.",
        subcommands = DecodeNetFlowCommand.class,
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace decode netflow --input export.pcap --json"})
public final class DecodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to decode: netflow");
    }
}
