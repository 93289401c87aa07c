package io.millrace.jobs.deadletter;

import java.time.Instant;
import java.util.function.Predicate;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/**
 * Which letters are meant; a part that is null leaves all through.
 *
 * @param reason why the record was given up
 * @param step step that gave it up
 * @param origin topic that the record was read from
 * @param since when it was given up at the earliest
 */
public record LetterFilter(DeadLetterReason reason, String step, String origin, Instant since)
        implements Predicate<DeadLetter> {
    @Override
    public boolean test(DeadLetter letter) {
        return (reason == null || reason == letter.getReason())
                && (step == null || step.equals(letter.getStep()))
                && (origin == null || origin.equals(letter.getTopic()))
                && (since == null || !letter.getFailedTime().isBefore(since));
    }
}
