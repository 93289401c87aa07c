package io.millrace.jobs.cli;

import java.time.Duration;
import java.time.Instant;

import io.millrace.jobs.command.Instants;
import io.millrace.jobs.config.Durations;
import io.millrace.jobs.deadletter.LetterFilter;
import io.millrace.schemas.DeadLetterReason;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Which letters are meant. */
final class DlqFilterOptions {
    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Only letters of this reason: ${COMPLETION-CANDIDATES}.")
    private DeadLetterReason reason;

    @Option(names = "--step", paramLabel = "STEP", description = "Only letters of this step, such as decode or late.")
    private String step;

    @Option(
            names = "--from-topic",
            paramLabel = "TOPIC",
            description = "Only letters of records that were read from this topic.")
    private String origin;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Only letters from this time on: a moment such as 2026-01-05T09:00:00Z, or how long ago (2h).")
    private String since;

    /** The filter. */
    LetterFilter filter(CommandSpec spec) {
        return new LetterFilter(reason, step, origin, since == null ? null : moment(spec));
    }

    private Instant moment(CommandSpec spec) {
        try {
            return since.contains("T") ? Instants.parse(since) : Instant.now().minus(age());
        } catch (IllegalArgumentException | TypeConversionException e) {
            throw new ParameterException(spec.commandLine(), "--since: " + e.getMessage(), e);
        }
    }

    private Duration age() {
        return Durations.parse(since);
    }
}
