package io.millrace.connectors.netflow.internal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/** Data sets whose template has not come yet: bounded in bytes, those of the template missed longest giving way. */
final class PendingSets {
    private static final int OVERHEAD = 128;

    /** One set's records with what is needed to decode them later. */
    record PendingSet(Domain domain, int id, ExportHeader header, byte[] records) {}

    private record Key(Domain domain, int id) {
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
    private int sets;

    PendingSets(long capacity) {
        this.capacity = capacity;
    }

    /** Holds a set and returns how many sets were given up for want of room, this one perhaps among them. */
    int hold(PendingSet set) {
        waiting.computeIfAbsent(new Key(set.domain(), set.id()), key -> new ArrayDeque<>())
                .addLast(set);
        bytes += cost(set);
        sets++;
        int given = 0;
        while (bytes > capacity) {
            dropOldest();
            given++;
        }
        return given;
    }

    /** Takes out the sets that wait for this template, in the order of their arrival. */
    Collection<PendingSet> take(Domain domain, int id) {
        Deque<PendingSet> taken = waiting.remove(new Key(domain, id));
        if (taken == null) {
            return List.of();
        }
        for (PendingSet set : taken) {
            bytes -= cost(set);
            sets--;
        }
        return taken;
    }

    /** Gives everything up and returns the number of sets. */
    int clear() {
        int count = sets;
        waiting.clear();
        bytes = 0;
        sets = 0;
        return count;
    }

    long bytes() {
        return bytes;
    }

    private void dropOldest() {
        Iterator<Deque<PendingSet>> keys = waiting.values().iterator();
        Deque<PendingSet> oldest = keys.next();
        bytes -= cost(oldest.removeFirst());
        sets--;
        if (oldest.isEmpty()) {
            keys.remove();
        }
    }

    private static long cost(PendingSet set) {
        return set.records().length + OVERHEAD;
    }
}
