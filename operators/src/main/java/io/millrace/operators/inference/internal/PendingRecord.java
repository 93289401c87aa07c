package io.millrace.operators.inference.internal;

/**
 * A record that waits for its turn, or is in flight. For the task thread alone, but for what {@link Preparation} is at.
 *
 * @param <K> key type
 * @param <T> record type
 */
public final class PendingRecord<K, T> {

    /** Event time of a record that has none. */
    public static final long NO_TIMESTAMP = Long.MIN_VALUE;

    private final K key;
    private final T value;
    private final long timestamp;
    private final WatermarkGate.Epoch epoch;
    private final long arrivalNanos;
    private final long bytes;
    private Prepared prepared;

    /**
     * A record as it came.
     *
     * @param key key of the record
     * @param value the record
     * @param timestamp event time in milliseconds; {@link #NO_TIMESTAMP} where the record has none
     * @param epoch epoch of {@link WatermarkGate} that the record arrived in
     * @param arrivalNanos when it arrived, by the loop's {@link Clock}
     * @param bytes memory that it takes, about
     */
    public PendingRecord(K key, T value, long timestamp, WatermarkGate.Epoch epoch, long arrivalNanos, long bytes) {
        this.key = key;
        this.value = value;
        this.timestamp = timestamp;
        this.epoch = epoch;
        this.arrivalNanos = arrivalNanos;
        this.bytes = bytes;
    }

    public K key() {
        return key;
    }

    public T value() {
        return value;
    }

    public long timestamp() {
        return timestamp;
    }

    public boolean hasTimestamp() {
        return timestamp != NO_TIMESTAMP;
    }

    public WatermarkGate.Epoch epoch() {
        return epoch;
    }

    public long arrivalNanos() {
        return arrivalNanos;
    }

    public long bytes() {
        return bytes;
    }

    /** What the mapping makes of the record; null as long as it has not been looked at. */
    public Prepared prepared() {
        return prepared;
    }

    public void prepared(Prepared what) {
        prepared = what;
    }

    /** What a mapping makes of a record before it can be batched. */
    public sealed interface Prepared {}

    /** It is an input of the model. */
    public record Input<I>(I input) implements Prepared {}

    /** It ends its key. */
    public record EndOfKey() implements Prepared {}

    /** The mapping failed on it. */
    public record Unfit(String message) implements Prepared {}
}
