package io.millrace.jobs.cli;

import io.millrace.jobs.command.ConnectionOptions;
import io.millrace.jobs.deadletter.LetterTopic;
import io.millrace.jobs.kafka.Connection;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** Which topic of dead letters is meant, and where it is. */
final class DlqOptions {
    @Parameters(
            index = "0",
            paramLabel = "TOPIC",
            description = "Topic of dead letters, or the name of a stage for that of the catalogue.")
    private String topic;

    @Mixin
    private ConnectionOptions kafka;

    /** Name of the topic. */
    String topic() {
        return LetterTopic.named(topic);
    }

    /** Where it is; the registry has answered. */
    Connection connection(CommandSpec spec) {
        return kafka.connectionOrLocal(spec).checked();
    }
}
