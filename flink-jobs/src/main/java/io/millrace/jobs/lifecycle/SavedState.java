package io.millrace.jobs.lifecycle;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * A complete savepoint or retained checkpoint.
 *
 * @param uri what Flink takes to go on from it
 * @param kind which of the two
 * @param written when it was complete, by the clock of its file system
 */
public record SavedState(String uri, Kind kind, Instant written) {

    /** What it was taken for. */
    public enum Kind {
        /** Taken when the job was stopped, or when asked for. */
        SAVEPOINT,
        /** Taken by itself, and kept when the job ended. */
        CHECKPOINT
    }

    /** In words: kind, place and time. */
    @Override
    public String toString() {
        String time = DateTimeFormatter.ISO_LOCAL_DATE_TIME
                .format(written.atZone(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS))
                .replace('T', ' ');
        return (kind == Kind.SAVEPOINT ? "savepoint " : "checkpoint ") + uri + " (" + time + ")";
    }
}
