package io.millrace.connectors.kafka;

import java.util.Objects;

import io.millrace.schemas.DeadLetter;
import org.apache.avro.specific.SpecificRecord;

/**
 * What became of one record of a topic: a value, or a dead letter. Exactly one of the two is there.
 *
 * @param <T> type of the value
 */
public final class Decoded<T extends SpecificRecord> {
    private final T value;
    private final DeadLetter deadLetter;
    private final RecordOrigin origin;

    private Decoded(T value, DeadLetter deadLetter, RecordOrigin origin) {
        this.value = value;
        this.deadLetter = deadLetter;
        this.origin = Objects.requireNonNull(origin, "origin");
    }

    /** A record that could be read. */
    public static <T extends SpecificRecord> Decoded<T> value(T value, RecordOrigin origin) {
        return new Decoded<>(Objects.requireNonNull(value, "value"), null, origin);
    }

    /** A record that could not. */
    public static <T extends SpecificRecord> Decoded<T> deadLetter(DeadLetter letter, RecordOrigin origin) {
        return new Decoded<>(null, Objects.requireNonNull(letter, "letter"), origin);
    }

    /** Whether there is a value. */
    public boolean isValue() {
        return value != null;
    }

    /**
     * The value.
     *
     * @throws IllegalStateException if this is a dead letter
     */
    public T value() {
        if (value == null) {
            throw new IllegalStateException("Record at " + origin + " was not decoded: " + deadLetter.getMessage());
        }
        return value;
    }

    /**
     * The dead letter.
     *
     * @throws IllegalStateException if there is a value
     */
    public DeadLetter deadLetter() {
        if (deadLetter == null) {
            throw new IllegalStateException("Record at " + origin + " was decoded");
        }
        return deadLetter;
    }

    /** Where the record was read. */
    public RecordOrigin origin() {
        return origin;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Decoded<?> decoded
                && Objects.equals(value, decoded.value)
                && Objects.equals(deadLetter, decoded.deadLetter)
                && origin.equals(decoded.origin);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, deadLetter, origin);
    }

    @Override
    public String toString() {
        return "Decoded{" + (value != null ? value : deadLetter) + " from " + origin + "}";
    }
}
