package io.millrace.jobs.command;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Moments as people write them: 2026-01-05T09:00:00Z. */
public final class Instants {
    private Instants() {}

    /**
     * Reads a moment.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Instant parse(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "not an instant: '" + text + "'; use for example 2026-01-05T09:00:00Z", e);
        }
    }
}
