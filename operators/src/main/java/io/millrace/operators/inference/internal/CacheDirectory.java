package io.millrace.operators.inference.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where the state of each key is: in a slot of a generation, on its way out of one, or in the durable store. For the task
 * thread.
 *
 * @param <K> key type
 */
public final class CacheDirectory<K> {

    /** Counts since the start. */
    public record Counts(long hits, long misses, long evictions, long expired, long ended, long mismatched) {}

    /**
     * Which generation answers a record.
     *
     * @param deployment the generation
     * @param durable the state to bring into its slots first; null where it is there already, or the key starts
     */
    record Place<K, I, O>(Deployment<K, I, O> deployment, StoredState durable) {}

    private final Versions<K, ?, ?> versions;
    private final long ttlMillis;
    private final CacheStore<K> store;
    private final Set<K> leaving = new HashSet<>();
    private final Map<K, Integer> copying = new HashMap<>();
    private long hits;
    private long misses;
    private long evictions;
    private long expired;
    private long ended;
    private long mismatched;

    /**
     * A directory of states.
     *
     * @param versions generations that serve
     * @param ttlMillis event time after which the state of an idle key is gone; 0 keeps it for ever
     * @param store durable copies of the states
     */
    public CacheDirectory(Versions<K, ?, ?> versions, long ttlMillis, CacheStore<K> store) {
        this.versions = versions;
        this.ttlMillis = ttlMillis;
        this.store = store;
    }

    /** Whether the state of a key can be had now; not while it is on its way from a slot to the store. */
    public boolean isAvailable(K key) {
        return !leaving.contains(key) && (!copying.containsKey(key) || isResident(key));
    }

    /** Whether the key has a slot in any generation. */
    public boolean isResident(K key) {
        for (Deployment<K, ?, ?> deployment : versions.all()) {
            if (deployment.slots().isResident(key)) {
                return true;
            }
        }
        return false;
    }

    /** A dirty state leaves its slot; {@link #arrived} says when it is in the store. */
    void leaves(K key) {
        leaving.add(key);
    }

    void arrived(K key) {
        leaving.remove(key);
    }

    /** A copy of a state is under way to the store, the key keeps its slot; {@link #copied} says when it is there. */
    void copies(K key) {
        copying.merge(key, 1, Integer::sum);
    }

    void copied(K key) {
        copying.computeIfPresent(key, (ignored, count) -> count == 1 ? null : count - 1);
    }

    /** A key has got a slot, or had one. */
    void leased(SlotTable.Lease<K> lease) {
        if (lease.resident()) {
            hits++;
            return;
        }
        misses++;
        if (lease.evicted() != null) {
            evictions++;
        }
    }

    CacheStore<K> store() {
        return store;
    }

    /**
     * The generation that a record is for, and the durable state to bring into its slots. A state whose time was up at the
     * record's event time is forgotten here, though a timer may not have seen it yet: so outputs depend on event times and
     * not on when watermarks pass.
     */
    <I, O> Place<K, I, O> place(PendingRecord<K, ?> record, Versions<K, I, O> serving) {
        K key = record.key();
        Deployment<K, I, O> current = serving.current();
        OptionalLong seen = current.slots().lastSeen(key);
        if (seen.isPresent()) {
            if (isExpired(seen.getAsLong(), record)) {
                forget(current, key);
            }
            return new Place<>(current, null);
        }
        List<Versions.Draining<K, I, O>> draining = serving.draining();
        for (Versions.Draining<K, I, O> old : draining) {
            seen = old.deployment().slots().lastSeen(key);
            if (seen.isPresent()) {
                if (!isExpired(seen.getAsLong(), record) && old.serves(record)) {
                    return new Place<>(old.deployment(), null);
                }
                forget(old.deployment(), key);
                return new Place<>(current, null);
            }
        }
        if (current.isStateless() && draining.isEmpty()) {
            return new Place<>(current, null);
        }
        List<StoredState> states = store.read(key);
        for (StoredState state : states) {
            if (isExpired(state.lastSeen(), record)) {
                continue;
            }
            if (current.accepts(state)) {
                return new Place<>(current, state);
            }
            for (Versions.Draining<K, I, O> old : draining) {
                if (old.deployment().accepts(state) && old.serves(record)) {
                    return new Place<>(old.deployment(), state);
                }
            }
            mismatched++;
        }
        if (!states.isEmpty()) {
            forget(current, key);
        }
        return new Place<>(current, null);
    }

    private boolean isExpired(long lastSeen, PendingRecord<K, ?> record) {
        return ttlMillis > 0
                && record.hasTimestamp()
                && lastSeen != PendingRecord.NO_TIMESTAMP
                && record.timestamp() > lastSeen + ttlMillis;
    }

    private void forget(Deployment<K, ?, ?> deployment, K key) {
        deployment.slots().remove(key);
        store.clear(key);
        expired++;
    }

    /** A key is over: its state is dropped wherever it is. Nothing of the key may be in flight or on its way out. */
    public void end(K key) {
        versions.all().forEach(deployment -> deployment.slots().remove(key));
        store.clear(key);
        ended++;
    }

    /**
     * A timer of a key fires at event time {@code time}: drops its state if its time is up, or says when to look again.
     * This only frees what {@link #place} would no longer use.
     *
     * @return when to look again; empty when the state is gone
     */
    public OptionalLong expire(K key, long time) {
        if (!isAvailable(key)) {
            return again(time);
        }
        for (Deployment<K, ?, ?> deployment : versions.all()) {
            OptionalLong seen = deployment.slots().lastSeen(key);
            if (seen.isPresent()) {
                if (seen.getAsLong() > time - ttlMillis) {
                    return again(seen.getAsLong());
                }
                forget(deployment, key);
                return OptionalLong.empty();
            }
        }
        List<StoredState> states = store.read(key);
        if (states.isEmpty()) {
            return OptionalLong.empty();
        }
        long lastSeen = states.stream().mapToLong(StoredState::lastSeen).max().getAsLong();
        if (lastSeen > time - ttlMillis) {
            return again(lastSeen);
        }
        forget(versions.current(), key);
        return OptionalLong.empty();
    }

    /** One time-to-live after {@code time}; empty at the end of time, when no timer would ever fire. */
    public OptionalLong again(long time) {
        return time > Long.MAX_VALUE - 1 - ttlMillis ? OptionalLong.empty() : OptionalLong.of(time + ttlMillis);
    }

    public Counts counts() {
        return new Counts(hits, misses, evictions, expired, ended, mismatched);
    }

    /** Keys whose states are in slots. */
    public int resident() {
        return versions.all().stream().mapToInt(d -> d.slots().resident()).sum();
    }

    /** Bytes of the states in slots. */
    public long residentBytes() {
        return versions.all().stream()
                .mapToLong(d -> d.slots().resident() * d.stateSpec().bytesPerKey())
                .sum();
    }
}
