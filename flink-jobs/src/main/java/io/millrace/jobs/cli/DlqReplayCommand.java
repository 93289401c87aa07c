package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

import io.millrace.jobs.deadletter.LetterAddress;
import io.millrace.jobs.deadletter.LetterFilter;
import io.millrace.jobs.deadletter.LetterTopic;
import io.millrace.jobs.deadletter.Replay;
import io.millrace.jobs.kafka.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace dlq replay}: sends records again. */
@Command(
        name = "replay",
        description = "Sends the records of dead letters again to the topics that they came from, each letter once.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without PARTITION:OFFSET all letters that the filters let through; mend what made them first.",
            "Examples:",
            "  millrace dlq replay intrusion --reason UNKNOWN_SCHEMA --bootstrap localhost:9092"
                    + " --registry http://localhost:8081"
        })
public final class DlqReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DlqOptions options;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PARTITION:OFFSET",
            description = "Letters, as list shows them (default: all).")
    private List<String> addresses = List.of();

    @Mixin
    private DlqFilterOptions filters;

    @Option(
            names = "--to",
            paramLabel = "TOPIC",
            description = "Topic to send to (default: the one that the letter names).")
    private String target;

    @Option(names = "--dry-run", description = "Say what would be sent, and send nothing.")
    private boolean trial;

    @Override
    public Integer call() {
        List<LetterAddress> wanted;
        try {
            wanted = addresses.stream().map(LetterAddress::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        String topic = options.topic();
        if (topic.equals(target)) {
            throw new ParameterException(spec.commandLine(), "--to names the topic of the letters itself");
        }
        LetterFilter filter = filters.filter(spec);
        Connection connection = options.connection(spec);
        PrintWriter out = spec.commandLine().getOut();
        try (Replay replay = new Replay(connection, topic, target, trial, out::println)) {
            new LetterTopic(connection, topic).forEach(wanted, filter, replay::accept);
            replay.finish();
            out.println((trial ? "would replay " : "replayed ") + replay.sent()
                    + (replay.sent() == 1 ? " letter; " : " letters; ") + replay.already()
                    + " had been replayed before, " + replay.failed() + " cannot be");
            out.flush();
            return replay.failed() == 0 ? 0 : 1;
        }
    }
}
