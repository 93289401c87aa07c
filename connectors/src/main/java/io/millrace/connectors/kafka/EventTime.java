package io.millrace.connectors.kafka;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

import io.millrace.schemas.TimeExtractor;

/**
 * When the records of a topic happened, and which of these times can be believed. A sender's clock may be wrong; a
 * record that claims a time to come, or one before 1970, is given up before it can move anybody else's time.
 *
 * @param times event time of a record
 * @param maxAhead how far a record may be dated ahead of this machine's clock
 * @param <T> type of the values
 */
public record EventTime<T>(TimeExtractor<T> times, Duration maxAhead) implements Serializable {

    public EventTime {
        Objects.requireNonNull(times, "times");
        if (maxAhead.isNegative()) {
            throw new IllegalArgumentException("max-ahead must not be negative, got " + maxAhead);
        }
    }

    /** What is wrong with the time of a record, in words; null if nothing is. */
    public String objection(T value, Clock clock) {
        long time = times.timeOf(value);
        if (time < 0) {
            return "is dated " + Instant.ofEpochMilli(time) + ", before 1970";
        }
        long now = clock.millis();
        return time - maxAhead.toMillis() > now
                ? "is dated " + Instant.ofEpochMilli(time) + ", more than " + readable(maxAhead)
                        + " ahead of the clock (" + Instant.ofEpochMilli(now) + ")"
                : null;
    }

    /** As the configuration writes it, 5m or 1h30m. */
    private static String readable(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
