package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Decides which records make the next batch.
 *
 * <p>Of one key at most one record is in flight; the others wait behind it in order of arrival. A batch is due when
 * enough keys have a record ready, when the first ready record has waited long enough, or when the buffer is full.
 * Single-threaded; time is handed in.
 *
 * @param <K> key type
 * @param <T> record type
 */
public final class BatchScheduler<K, T> {

    /**
     * What is held at most.
     *
     * @param records records, those in flight included
     * @param bytes memory of those records, about; one record is held in any case
     */
    public record Capacity(int records, long bytes) {}

    private static final class KeyQueue<K, T> {
        private final K key;
        private final ArrayDeque<PendingRecord<K, T>> records = new ArrayDeque<>(2);
        private boolean inFlight;
        private boolean ready;
        private boolean changed;

        private KeyQueue(K key) {
            this.key = key;
        }
    }

    private final int maxBatch;
    private final long maxWaitNanos;
    private final Capacity capacity;
    private final boolean waitsForPreparation;
    private final Map<K, KeyQueue<K, T>> queues = new HashMap<>();
    private final ArrayDeque<KeyQueue<K, T>> ready = new ArrayDeque<>();
    private int size;
    private long bytes;

    /**
     * Creates an empty scheduler.
     *
     * @param maxBatch records a batch at most
     * @param maxWaitNanos how long a ready record waits for company
     * @param capacity what is held at most
     * @param waitsForPreparation whether a record is ready only once {@link #prepared} says so
     */
    public BatchScheduler(int maxBatch, long maxWaitNanos, Capacity capacity, boolean waitsForPreparation) {
        if (maxBatch < 1 || capacity.records() < maxBatch || capacity.bytes() < 1 || maxWaitNanos < 0) {
            throw new IllegalArgumentException("need 1 <= batch <= capacity and a wait of 0 or more, got batch "
                    + maxBatch + ", capacity " + capacity + ", wait " + maxWaitNanos + " ns");
        }
        this.maxBatch = maxBatch;
        this.maxWaitNanos = maxWaitNanos;
        this.capacity = capacity;
        this.waitsForPreparation = waitsForPreparation;
    }

    /** Takes a record in, behind those of its key. Restored records may go beyond the capacity. */
    public void offer(PendingRecord<K, T> record) {
        KeyQueue<K, T> queue = queues.computeIfAbsent(record.key(), KeyQueue::new);
        queue.records.addLast(record);
        queue.changed = true;
        size++;
        bytes += record.bytes();
        readyIfSo(queue);
    }

    /** A record has been prepared: it can go when its turn comes. */
    public void prepared(PendingRecord<K, T> record) {
        KeyQueue<K, T> queue = queues.get(record.key());
        if (queue != null) {
            readyIfSo(queue);
        }
    }

    private void readyIfSo(KeyQueue<K, T> queue) {
        if (!queue.inFlight
                && !queue.ready
                && (!waitsForPreparation || queue.records.getFirst().prepared() != null)) {
            queue.ready = true;
            ready.addLast(queue);
        }
    }

    /** Whether no further record fits. */
    public boolean isFull() {
        return size >= capacity.records() || size > 0 && bytes >= capacity.bytes();
    }

    /** Records held, those in flight included. */
    public int size() {
        return size;
    }

    /** Memory of the records held, about. */
    public long bytes() {
        return bytes;
    }

    /** Keys whose next record could go now. */
    public int readyKeys() {
        return ready.size();
    }

    /** Whether a batch is due at {@code now}; {@code limit} is the batch size in force (at most the configured one). */
    public boolean isDue(long now, int limit) {
        if (ready.isEmpty()) {
            return false;
        }
        return ready.size() >= Math.min(limit, maxBatch) || isFull() || now - firstReadyArrival() >= maxWaitNanos;
    }

    /** When the first ready record will have waited long enough; empty when none is ready. */
    public OptionalLong nextDueNanos() {
        return ready.isEmpty() ? OptionalLong.empty() : OptionalLong.of(firstReadyArrival() + maxWaitNanos);
    }

    private long firstReadyArrival() {
        return ready.getFirst().records.getFirst().arrivalNanos();
    }

    /**
     * Takes the next batch: the first record of each of at most {@code limit} ready keys that {@code available} allows.
     * Their keys are in flight until {@link #complete}.
     */
    public List<PendingRecord<K, T>> take(int limit, Predicate<K> available) {
        int most = Math.min(limit, maxBatch);
        List<PendingRecord<K, T>> batch = new ArrayList<>(Math.min(most, ready.size()));
        Iterator<KeyQueue<K, T>> queue = ready.iterator();
        List<KeyQueue<K, T>> passedOver = null;
        while (batch.size() < most && queue.hasNext()) {
            KeyQueue<K, T> next = queue.next();
            queue.remove();
            if (available.test(next.key)) {
                next.inFlight = true;
                next.ready = false;
                batch.add(next.records.getFirst());
            } else {
                passedOver = passedOver == null ? new ArrayList<>() : passedOver;
                passedOver.add(next);
            }
        }
        if (passedOver != null) {
            for (int i = passedOver.size() - 1; i >= 0; i--) {
                ready.addFirst(passedOver.get(i));
            }
        }
        return batch;
    }

    /** The record of {@code key} that was in flight is done: the next one of the key becomes ready. */
    public void complete(K key) {
        KeyQueue<K, T> queue = inFlight(key);
        queue.inFlight = false;
        queue.changed = true;
        bytes -= queue.records.removeFirst().bytes();
        size--;
        if (queue.records.isEmpty()) {
            queues.remove(key);
        } else {
            readyIfSo(queue);
        }
    }

    /** Records that were taken have not been answered: they are the next to go, in their order. */
    public void giveBack(List<PendingRecord<K, T>> records) {
        for (int i = records.size() - 1; i >= 0; i--) {
            KeyQueue<K, T> queue = inFlight(records.get(i).key());
            queue.inFlight = false;
            queue.ready = true;
            ready.addFirst(queue);
        }
    }

    private KeyQueue<K, T> inFlight(K key) {
        KeyQueue<K, T> queue = queues.get(key);
        if (queue == null || !queue.inFlight) {
            throw new IllegalStateException("no record of key " + key + " is in flight");
        }
        return queue;
    }

    /** Whether a record of {@code key} is held. */
    public boolean holds(K key) {
        return queues.containsKey(key);
    }

    /** Visits every key whose records are others than at the last such visit, with them in order, one in flight first. */
    public void forEachChangedKey(BiConsumer<K, List<PendingRecord<K, T>>> visitor) {
        queues.forEach((key, queue) -> {
            if (queue.changed) {
                queue.changed = false;
                visitor.accept(key, List.copyOf(queue.records));
            }
        });
    }
}
