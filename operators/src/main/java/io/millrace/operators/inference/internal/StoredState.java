package io.millrace.operators.inference.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.millrace.models.streaming.StateSpec;
import io.millrace.operators.inference.arena.StateChange;

/**
 * Durable copy of a key's state in one generation, as it was read.
 *
 * @param generation generation that it belongs to
 * @param origin what wrote it
 * @param base number of the whole state
 * @param lastSeen event time of the last record that the state is the result of, in milliseconds
 * @param whole the state when it was last written whole
 * @param changes what has changed since, oldest first
 */
public record StoredState(
        long generation, CacheEntry.Origin origin, int base, long lastSeen, byte[] whole, List<byte[]> changes) {

    /**
     * Puts the entries of a key together.
     *
     * @return its states, the newest generation first; empty for a key without one
     * @throws IllegalStateException if changes stand without the state that they change
     */
    public static List<StoredState> of(Iterable<? extends Map.Entry<CachePosition, CacheEntry>> entries) {
        TreeMap<Long, TreeMap<Integer, CacheEntry>> generations = new TreeMap<>(java.util.Comparator.reverseOrder());
        for (Map.Entry<CachePosition, CacheEntry> entry : entries) {
            generations
                    .computeIfAbsent(entry.getKey().generation(), ignored -> new TreeMap<>())
                    .put(entry.getKey().sequence(), entry.getValue());
        }
        if (generations.isEmpty()) {
            return List.of();
        }
        List<StoredState> states = new ArrayList<>(generations.size());
        generations.forEach((generation, bySequence) -> states.add(of(generation, bySequence)));
        return states;
    }

    private static StoredState of(long generation, TreeMap<Integer, CacheEntry> entries) {
        CacheEntry base = entries.get(0);
        if (base == null || !base.whole()) {
            throw new IllegalStateException("changes of a model state are stored without the state");
        }
        List<byte[]> changes = new ArrayList<>();
        long lastSeen = base.lastSeen();
        for (CacheEntry change : entries.tailMap(1).values()) {
            if (change.base() == base.base()) {
                changes.add(change.bytes());
                lastSeen = change.lastSeen();
            }
        }
        return new StoredState(generation, base.origin(), base.base(), lastSeen, base.bytes(), changes);
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
