package io.millrace.operators.inference.internal;

/**
 * Durable copies of the states: Flink keyed state in the operator, a map in tests.
 *
 * @param <K> key type
 */
public interface CacheStore<K> {

    /** Reads the copy of a key; null where there is none. */
    StoredState read(K key);

    /** Writes an entry: a whole state in place of all entries of the key, a change behind them. */
    void write(K key, CacheEntry entry);

    void clear(K key);

    /** A key is met for the first time, or again after its state was dropped. */
    void started(K key, long timestamp);
}
