package io.millrace.connectors.netflow.internal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Data sets whose template has not come yet: bounded in bytes, those of the template missed longest giving way. */
final class PendingSets {
    private static final int OVERHEAD = 128;

    /**
     * One set's records with what is needed to decode them later.
     *
     * @param heldMillis when it came, milliseconds since the epoch, or {@link #UNTIMED}
     */
    record PendingSet(Domain domain, int id, ExportHeader header, byte[] records, long heldMillis) {}

    /** Time of sets that were read from a file, which grow no older. */
    static final long UNTIMED = Long.MAX_VALUE;

    /** A template that is waited for. */
    record Key(Domain domain, int id) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.domain == domain && key.id == id;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(domain) * 31 + id;
        }
    }

    private final LinkedHashMap<Key, Deque<PendingSet>> waiting = new LinkedHashMap<>();
    private final long capacity;
    private long bytes;

    PendingSets(long capacity) {
        this.capacity = capacity;
    }

    /** Holds a set. */
    void hold(PendingSet set) {
        waiting.computeIfAbsent(new Key(set.domain(), set.id()), key -> new ArrayDeque<>())
                .addLast(set);
        bytes += cost(set);
    }

    /** Whether more is held than may be; {@link #takeOldest} makes room. */
    boolean overfull() {
        return bytes > capacity;
    }

    /** Takes out the first set that waits for the template missed longest. */
    PendingSet takeOldest() {
        Iterator<Deque<PendingSet>> keys = waiting.values().iterator();
        Deque<PendingSet> oldest = keys.next();
        PendingSet set = oldest.removeFirst();
        bytes -= cost(set);
        if (oldest.isEmpty()) {
            keys.remove();
        }
        return set;
    }

    /** The templates that sets have waited for since before a time. */
    List<Key> since(long millis) {
        return waiting.entrySet().stream()
                .filter(entry -> entry.getValue().peekFirst().heldMillis() < millis)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All templates that sets wait for. */
    List<Key> missed() {
        return List.copyOf(waiting.keySet());
    }

    /** Takes out the sets that wait for this template, in the order of their arrival. */
    Collection<PendingSet> take(Domain domain, int id) {
        Deque<PendingSet> taken = waiting.remove(new Key(domain, id));
        if (taken == null) {
            return List.of();
        }
        for (PendingSet set : taken) {
            bytes -= cost(set);
        }
        return taken;
    }

    long bytes() {
        return bytes;
    }

    private static long cost(PendingSet set) {
        return set.records().length + OVERHEAD;
    }
}
