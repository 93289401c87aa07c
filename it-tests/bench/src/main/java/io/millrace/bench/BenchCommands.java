package io.millrace.bench;

import java.util.List;
import java.util.ServiceLoader;

import io.millrace.jobs.cli.Millrace;
import picocli.CommandLine;

/** Adds the benchmarks to the command line. */
public final class BenchCommands implements Millrace.CommandProvider {

    @Override
    public List<Object> commands() {
        CommandLine bench = new CommandLine(new BenchCommand());
        ServiceLoader.load(Bench.class).forEach(bench::addSubcommand);
        return List.of(bench);
    }
}
