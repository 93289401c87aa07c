package io.millrace.jobs.cli;

import java.util.List;

/** The commands of the root command, in the order that help shows them. */
final class Commands {

    private Commands() {}

    static List<Object> all() {
        return List.of(
                new DemoCommand(),
                new RunCommand(),
                new StopCommand(),
                new JobsCommand(),
                new ClusterCommand(),
                new AlertsCommand(),
                new DlqCommand(),
                new SimulateCommand(),
                new CollectCommand(),
                new ServeCommand(),
                new DecodeCommand(),
                new TrainCommand(),
                new EvaluateCommand(),
                new CompareCommand(),
                new TranscribeCommand(),
                new ImportCommand(),
                new ParityCommand());
    }
}
