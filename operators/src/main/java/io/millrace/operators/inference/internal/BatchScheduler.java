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

    private static final class KeyQueue<K, T> {
        private final K key;
        private final ArrayDeque<PendingRecord<K, T>> records = new ArrayDeque<>(2);
        private boolean inFlight;

        private KeyQueue(K key) {
            this.key = key;
        }
    }

    private final int maxBatch;
    private final long maxWaitNanos;
    private final int capacity;
    private final Map<K, KeyQueue<K, T>> queues = new HashMap<>();
    private final ArrayDeque<KeyQueue<K, T>> ready = new ArrayDeque<>();
    private int size;

    /**
     * Creates an empty scheduler.
     *
     * @param maxBatch records a batch at most
     * @param maxWaitNanos how long a ready record waits for company
     * @param capacity records held at most, those in flight included
     */
    public BatchScheduler(int maxBatch, long maxWaitNanos, int capacity) {
        if (maxBatch < 1 || capacity < maxBatch || maxWaitNanos < 0) {
            throw new IllegalArgumentException("need 1 <= batch <= capacity and a wait of 0 or more, got batch "
                    + maxBatch + ", capacity " + capacity + ", wait " + maxWaitNanos + " ns");
        }
        this.maxBatch = maxBatch;
        this.maxWaitNanos = maxWaitNanos;
        this.capacity = capacity;
    }

    /** Takes a record in, behind those of its key. Restored records may go beyond the capacity. */
    public void offer(PendingRecord<K, T> record) {
        KeyQueue<K, T> queue = queues.computeIfAbsent(record.key(), KeyQueue::new);
        queue.records.addLast(record);
        size++;
        if (!queue.inFlight && queue.records.size() == 1) {
            ready.addLast(queue);
        }
    }

    /** Whether no further record fits. */
    public boolean isFull() {
        return size >= capacity;
    }

    /** Records held, those in flight included. */
    public int size() {
        return size;
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
        KeyQueue<K, T> queue = queues.get(key);
        if (queue == null || !queue.inFlight) {
            throw new IllegalStateException("no record of key " + key + " is in flight");
        }
        queue.inFlight = false;
        queue.records.removeFirst();
        size--;
        if (queue.records.isEmpty()) {
            queues.remove(key);
        } else {
            ready.addLast(queue);
        }
    }

    /** Whether a record of {@code key} is held. */
    public boolean holds(K key) {
        return queues.containsKey(key);
    }

    /** Visits every key with its records in order, one in flight first. */
    public void forEachKey(BiConsumer<K, List<PendingRecord<K, T>>> visitor) {
        queues.forEach((key, queue) -> visitor.accept(key, List.copyOf(queue.records)));
    }
}
