package io.millrace.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Parent of the benchmarks. */
@Command(
        name = "bench",
        description = "Measure how fast this build is on this machine, and how good its alerts are.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace bench inference --quick --json"})
public final class BenchCommand implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which benchmark? See millrace bench --help");
    }
}
