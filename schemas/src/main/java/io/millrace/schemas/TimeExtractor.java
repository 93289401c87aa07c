package io.millrace.schemas;

import java.io.Serializable;

/**
 * Takes the event time out of a value.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface TimeExtractor<T> extends Serializable {
    /** Event time in milliseconds since the epoch, UTC. */
    long timeOf(T value);
}
