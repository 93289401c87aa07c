package io.millrace.jobs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be trained. */
@Command(
        name = "train",
        description = "Trains a network.",
        subcommands = {TrainIntrusionCommand.class, TrainSpeechCommand.class},
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace train intrusion --format nsl-kdd --data KDDTrain+.txt --out nsl-model"})
public final class TrainCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "train what? See millrace train --help");
    }
}
