package io.millrace.jobs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be compared. */
@Command(
        name = "compare",
        description = "Compares kinds of network on the same data.",
        subcommands = {CompareIntrusionCommand.class},
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace compare intrusion --format nsl-kdd --data KDDTrain+.txt --test-data KDDTest+.txt --out table"
        })
public final class CompareCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "compare what? See millrace compare --help");
    }
}
