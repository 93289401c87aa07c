package io.millrace.jobs.stage;

import java.util.Objects;

import org.apiguardian.api.API;

/**
 * A command that a stage adds to the command line.
 *
 * @param verb what it stands under; null if it stands by itself
 * @param command object with picocli's annotations
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StageCommand(Verb verb, Object command) {
    public StageCommand {
        Objects.requireNonNull(command, "command");
    }

    /** A command under a verb: {@code millrace VERB NAME}. */
    public static StageCommand under(Verb verb, Object command) {
        return new StageCommand(Objects.requireNonNull(verb, "verb"), command);
    }

    /** A command by itself: {@code millrace NAME}. */
    public static StageCommand alone(Object command) {
        return new StageCommand(null, command);
    }
}
