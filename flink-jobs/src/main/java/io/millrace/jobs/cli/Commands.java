package io.millrace.jobs.cli;

import java.util.ArrayList;
import java.util.List;

import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.jobs.stage.Verb;

/** The commands of the root command, in the order that help shows them: those of all stages, and what stages add. */
final class Commands {

    private Commands() {}

    /** Objects with picocli's annotations, or command lines. */
    static List<Object> of(StageCatalogue stages) {
        List<Object> commands = new ArrayList<>(List.of(
                DemoCommand.of(stages),
                RunCommand.of(stages),
                new StopCommand(),
                new JobsCommand(),
                new ClusterCommand(),
                new AlertsCommand(stages),
                new DlqCommand()));
        for (Verb verb : Verb.values()) {
            List<Object> under = stages.commands(verb);
            if (!under.isEmpty()) {
                commands.add(VerbCommand.of(verb, under));
            }
        }
        commands.addAll(stages.commands(null));
        return commands;
    }
}
