package io.millrace.jobs.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What can be evaluated. */
@Command(
        name = "evaluate",
        description = "Holds a trained network against labelled data.",
        subcommands = {EvaluateIntrusionCommand.class, EvaluateSpeechCommand.class},
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  millrace evaluate intrusion --model nsl-model --format nsl-kdd --data KDDTest+.txt --json"
        })
public final class EvaluateCommand implements Runnable {

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "evaluate what? See millrace evaluate --help");
    }
}
