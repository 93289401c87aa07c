package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which key sits in which slot of an arena: least recently used keys make room, keys in flight stay.
 *
 * @param <K> key type
 */
public final class SlotTable<K> {

    /** What the durable copy of a resident key is; kept by whoever writes it. */
    public static final class Durable {
        private boolean foreign;
        private int base;
        private int changes;
        private long changeBytes;

        /** Whether a whole state is stored that changes can be added to. */
        public boolean isStored() {
            return base > 0 && !foreign;
        }

        /** Whether what is stored belongs to another generation, and has to go before this one's is written. */
        public boolean isForeign() {
            return foreign;
        }

        /** Bytes of the changes that have been added to the durable copy since it was last written whole. */
        public long changeBytes() {
            return changeBytes;
        }

        /** The state is written whole: returns the number of it. */
        public int nextWhole() {
            foreign = false;
            changes = 0;
            changeBytes = 0;
            return ++base;
        }

        /** A change is written: returns its place behind the whole state. */
        public int nextChange(int bytes) {
            changeBytes += bytes;
            return ++changes;
        }

        /** The number of the whole state. */
        public int base() {
            return base;
        }
    }

    /** A slot that was taken from a key. */
    public record Eviction<K>(K key, int slot, boolean dirty, long lastSeen, Durable durable) {}

    /** A slot given to a key; {@code resident} when the key already sat in it. */
    public record Lease<K>(int slot, boolean resident, Eviction<K> evicted) {}

    /** A slot whose content was newer than the durable copy when it was listed. */
    public static final class DirtySlot<K> {
        private final K key;
        private final Seat seat;

        private DirtySlot(K key, Seat seat) {
            this.key = key;
            this.seat = seat;
        }

        public K key() {
            return key;
        }

        public int slot() {
            return seat.slot;
        }

        public long lastSeen() {
            return seat.lastSeen;
        }

        public Durable durable() {
            return seat.durable;
        }

        /** Whether the state was dropped since: no copy of it may be written any more. */
        public boolean isForgotten() {
            return seat.forgotten;
        }
    }

    private static final class Seat {
        private final int slot;
        private final Durable durable = new Durable();
        private boolean pinned;
        private boolean dirty;
        private boolean gone;
        private boolean forgotten;
        private long lastSeen = Long.MIN_VALUE;

        private Seat(int slot) {
            this.slot = slot;
        }
    }

    private final int slots;
    private final LinkedHashMap<K, Seat> seats = new LinkedHashMap<>(16, 0.75f, true);
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int unused;
    private int dirtyCount;

    public SlotTable(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("an arena needs at least one slot, got " + slots);
        }
        this.slots = slots;
    }

    /**
     * Gives {@code key} its slot, or another key's, and pins it until {@link #unpin}.
     *
     * @throws IllegalStateException if every slot is pinned
     */
    public Lease<K> acquire(K key) {
        Seat seat = seats.get(key);
        if (seat != null) {
            seat.pinned = true;
            return new Lease<>(seat.slot, true, null);
        }
        Eviction<K> evicted = null;
        int slot;
        if (!free.isEmpty()) {
            slot = free.removeLast();
        } else if (unused < slots) {
            slot = unused++;
        } else {
            evicted = evictOldest();
            slot = evicted.slot();
        }
        Seat taken = new Seat(slot);
        taken.pinned = true;
        seats.put(key, taken);
        return new Lease<>(slot, false, evicted);
    }

    private Eviction<K> evictOldest() {
        Iterator<Map.Entry<K, Seat>> oldestFirst = seats.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            Map.Entry<K, Seat> entry = oldestFirst.next();
            Seat seat = entry.getValue();
            if (!seat.pinned) {
                oldestFirst.remove();
                boolean dirty = seat.dirty;
                leave(seat);
                return new Eviction<>(entry.getKey(), seat.slot, dirty, seat.lastSeen, seat.durable);
            }
        }
        throw new IllegalStateException(
                "all " + slots + " slots are in flight: the arena must hold every batch of the pipeline");
    }

    private void leave(Seat seat) {
        seat.gone = true;
        clean(seat);
    }

    private void clean(Seat seat) {
        if (seat.dirty) {
            seat.dirty = false;
            dirtyCount--;
        }
    }

    private void markDirty(Seat seat) {
        if (!seat.dirty) {
            seat.dirty = true;
            dirtyCount++;
        }
    }

    /** Whether {@code key} has a slot; does not count as use. */
    public boolean isResident(K key) {
        return seats.containsKey(key);
    }

    /** Ends the flight of a key whose state has changed; {@code seen} is the event time of its record. */
    public void unpinDirty(K key, long seen) {
        Seat seat = seats.get(key);
        seat.pinned = false;
        markDirty(seat);
        seat.lastSeen = Math.max(seat.lastSeen, seen);
    }

    /** Ends the flight of a key whose state is as before. */
    public void unpin(K key) {
        seats.get(key).pinned = false;
    }

    /** Notes what the durable copy says that the key's state was loaded from; {@code generation} is that of the slots. */
    public void loaded(K key, StoredState stored, long generation) {
        Seat seat = seats.get(key);
        seat.lastSeen = Math.max(seat.lastSeen, stored.lastSeen());
        seat.durable.foreign = stored.generation() != generation;
        seat.durable.base = stored.base();
        seat.durable.changes = stored.changes().size();
        seat.durable.changeBytes = stored.changeBytes();
    }

    /** When a resident key was last seen; empty for a key without a slot. Counts as use. */
    public OptionalLong lastSeen(K key) {
        Seat seat = seats.get(key);
        return seat == null ? OptionalLong.empty() : OptionalLong.of(seat.lastSeen);
    }

    /** Frees the slot of a key that is forgotten. */
    public void remove(K key) {
        Seat seat = seats.get(key);
        if (seat == null) {
            return;
        }
        if (seat.pinned) {
            throw new IllegalStateException("key " + key + " is in flight and cannot be forgotten");
        }
        seats.remove(key);
        seat.forgotten = true;
        leave(seat);
        free.addLast(seat.slot);
    }

    /** The slots whose durable copies are out of date, least recently used first; they stay so until taken. */
    public List<DirtySlot<K>> dirty() {
        List<DirtySlot<K>> dirty = new ArrayList<>(dirtyCount);
        seats.forEach((key, seat) -> {
            if (seat.dirty) {
                dirty.add(new DirtySlot<>(key, seat));
            }
        });
        return dirty;
    }

    /**
     * Counts a listed slot as clean, to be copied now; false where there is nothing to copy: the key has left, was copied
     * in the meantime, or is in flight.
     */
    public boolean take(DirtySlot<K> slot) {
        if (slot.seat.gone || slot.seat.pinned || !slot.seat.dirty) {
            return false;
        }
        clean(slot.seat);
        return true;
    }

    /** How many durable copies are out of date. */
    public int dirtyCount() {
        return dirtyCount;
    }

    /** After a change of generation: the durable copies belong to the one before. */
    public void forgetStored() {
        seats.values().forEach(seat -> {
            markDirty(seat);
            seat.durable.foreign = seat.durable.base > 0;
        });
    }

    /** Keys with a slot. */
    public int resident() {
        return seats.size();
    }

    public int slots() {
        return slots;
    }
}
