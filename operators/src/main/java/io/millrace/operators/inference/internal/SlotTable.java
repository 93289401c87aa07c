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

    /** A slot that was taken from a key. */
    public record Eviction<K>(K key, int slot, boolean dirty, long lastSeen) {}

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

        /** Whether there is a durable copy that changes can be added to. */
        public boolean isStored() {
            return seat.changeBytes != NOT_STORED;
        }

        /** Bytes of the changes that have been added to the durable copy since it was last written whole. */
        public long changeBytes() {
            return seat.changeBytes;
        }

        /** The state has been written whole. */
        public void storedWhole() {
            seat.changeBytes = 0;
        }

        /** A change has been added to the durable copy. */
        public void storedChange(int bytes) {
            seat.changeBytes += bytes;
        }
    }

    private static final long NOT_STORED = -1;

    private static final class Seat {
        private final int slot;
        private boolean pinned;
        private boolean dirty;
        private boolean gone;
        private long changeBytes = NOT_STORED;
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
                return new Eviction<>(entry.getKey(), seat.slot, dirty, seat.lastSeen);
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

    private void soil(Seat seat) {
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
        soil(seat);
        seat.lastSeen = Math.max(seat.lastSeen, seen);
    }

    /** Ends the flight of a key whose state is as before. */
    public void unpin(K key) {
        seats.get(key).pinned = false;
    }

    /** Notes what the durable copy says that the key's state was loaded from. */
    public void loaded(K key, long lastSeen, long changeBytes) {
        Seat seat = seats.get(key);
        seat.lastSeen = Math.max(seat.lastSeen, lastSeen);
        seat.changeBytes = changeBytes;
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

    /** After a change of version: no durable copy is of any use. */
    public void forgetStored() {
        seats.values().forEach(seat -> {
            soil(seat);
            seat.changeBytes = NOT_STORED;
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
