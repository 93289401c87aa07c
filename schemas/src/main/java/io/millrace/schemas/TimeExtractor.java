package io.millrace.schemas;

import java.io.Serializable;

import org.apiguardian.api.API;

/**
 * Takes the event time out of a value.
 *
 * @param <T> type of the values
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
@FunctionalInterface
public interface TimeExtractor<T> extends Serializable {
    /** Event time in milliseconds since the epoch, UTC. */
    long timeOf(T value);
}
