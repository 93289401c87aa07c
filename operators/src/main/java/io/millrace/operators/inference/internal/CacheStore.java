package io.millrace.operators.inference.internal;

import java.util.List;

/**
 * Durable copies of the states: Flink keyed state in the operator, a map in tests.
 *
 * @param <K> key type
 */
public interface CacheStore<K> {

    /** Reads the copies of a key, the newest generation first; empty where there is none. */
    List<StoredState> read(K key);

    /** Writes an entry in place of what stood there. */
    void write(K key, CachePosition position, CacheEntry entry);

    /** Drops everything of a key. */
    void clear(K key);

    /** A key is met for the first time, or again after its state was dropped. */
    void started(K key, long timestamp);
}
