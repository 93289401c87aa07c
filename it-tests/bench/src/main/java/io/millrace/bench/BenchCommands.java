package io.millrace.bench;

import java.util.List;

import io.millrace.jobs.cli.Millrace;

/** Adds the benchmarks to the command line. */
public final class BenchCommands implements Millrace.CommandProvider {

    @Override
    public List<Object> commands() {
        return List.of(new BenchCommand());
    }
}
