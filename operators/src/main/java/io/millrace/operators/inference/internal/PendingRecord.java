package io.millrace.operators.inference.internal;

/**
 * A record that waits for its turn, or is in flight.
 *
 * @param key key of the record
 * @param value the record
 * @param timestamp event time in milliseconds; {@link Long#MIN_VALUE} where the record has none
 * @param epoch epoch of {@link WatermarkGate} that the record arrived in
 * @param arrivalNanos when it arrived, {@link System#nanoTime()}
 * @param <K> key type
 * @param <T> record type
 */
public record PendingRecord<K, T>(K key, T value, long timestamp, WatermarkGate.Epoch epoch, long arrivalNanos) {

    /** Event time of a record that has none. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    public boolean hasTimestamp() {
        return timestamp != NO_TIMESTAMP;
    }
}
