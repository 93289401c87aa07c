package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Has records prepared beside the task thread: a mapping's costly part, such as decoding a picture. Records go in by order
 * of arrival and may come out in another; the scheduler keeps the order of each key. Not more than a few are under way or
 * prepared and unsent, since what a record unfolds to may be large. For the task thread.
 *
 * @param <K> key type
 * @param <T> record type
 */
public final class Preparation<K, T> {

    private final Executor pool;
    private final Mailbox mailbox;
    private final int most;
    private final Function<T, PendingRecord.Prepared> work;
    private final Consumer<PendingRecord<K, T>> home;
    private final Deque<PendingRecord<K, T>> waiting = new ArrayDeque<>();
    private int out;

    /**
     * Prepares records on a pool.
     *
     * @param pool the pool
     * @param mailbox brings prepared records back to the task thread
     * @param most records under way, or prepared and not yet handed to the device
     * @param work prepares one record; never throws
     * @param home is told, on the task thread, of each record prepared
     */
    public Preparation(
            Executor pool,
            Mailbox mailbox,
            int most,
            Function<T, PendingRecord.Prepared> work,
            Consumer<PendingRecord<K, T>> home) {
        this.pool = pool;
        this.mailbox = mailbox;
        this.most = most;
        this.work = work;
        this.home = home;
    }

    /** A record that is to be prepared. */
    public void offer(PendingRecord<K, T> record) {
        waiting.addLast(record);
        start();
    }

    /** Some prepared records have been handed to the device. */
    public void used(int records) {
        out -= records;
        start();
    }

    private void start() {
        while (out < most && !waiting.isEmpty()) {
            PendingRecord<K, T> record = waiting.removeFirst();
            out++;
            pool.execute(() -> {
                PendingRecord.Prepared prepared = work.apply(record.value());
                mailbox.post(
                        () -> {
                            record.prepared(prepared);
                            home.accept(record);
                        },
                        "a record has been prepared");
            });
        }
    }
}
