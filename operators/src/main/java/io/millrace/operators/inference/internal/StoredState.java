package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;

import io.millrace.models.streaming.StateSpec;
import io.millrace.operators.inference.arena.StateChange;

/**
 * Durable copy of a key's state as it was read.
 *
 * @param version version of the model that the state belongs to
 * @param lastSeen event time of the last record that the state is the result of, in milliseconds
 * @param whole the state when it was last written whole
 * @param changes what has changed since, oldest first
 */
public record StoredState(String version, long lastSeen, byte[] whole, List<byte[]> changes) {

    /**
     * Puts entries together.
     *
     * @param entries a whole state and the changes since; null or empty for a key without a state
     * @return null for a key without a state
     * @throws IllegalStateException if changes stand without the state that they change
     */
    public static StoredState of(Iterable<CacheEntry> entries) {
        if (entries == null) {
            return null;
        }
        CacheEntry base = null;
        CacheEntry last = null;
        List<byte[]> changes = new ArrayList<>();
        for (CacheEntry entry : entries) {
            last = entry;
            if (entry.whole()) {
                base = entry;
                changes.clear();
            } else {
                changes.add(entry.bytes());
            }
        }
        if (last == null) {
            return null;
        }
        if (base == null) {
            throw new IllegalStateException("changes of a model state are stored without the state");
        }
        return new StoredState(last.version(), last.lastSeen(), base.bytes(), changes);
    }

    /** Bytes of all changes. */
    public long changeBytes() {
        return changes.stream().mapToLong(change -> change.length).sum();
    }

    /**
     * The state as it is now.
     *
     * @throws IllegalStateException if what is stored does not fit the specification
     */
    public byte[] tensors(StateSpec spec) {
        return StateChange.apply(spec, whole, changes);
    }
}
