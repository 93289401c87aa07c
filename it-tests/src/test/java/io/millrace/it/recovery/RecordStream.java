package io.millrace.it.recovery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.kafka.AvroPublisher;
import org.apache.avro.specific.SpecificRecord;

/** Records on their way into a topic, at a pace until {@link #hurry}. */
final class RecordStream<T extends SpecificRecord> implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(20);

    private final List<T> records;
    private final AvroPublisher<T> publisher;
    private final Closing<T> closing;
    private final CompletableFuture<Integer> total;
    private final Pace pace;
    private final long start = System.nanoTime();
    private volatile boolean hurried;
    private volatile int published;
    private volatile boolean stopped;

    /** How many records may have come. */
    @FunctionalInterface
    interface Pace {

        /**
         * @param millis time since the start
         * @param published records that have come
         */
        int due(long millis, int published);

        /**
         * The slower the fewer are left, so that they do not run out.
         *
         * @param spread time in which a share of 1 - 1/e of what is left comes
         */
        static Pace slowing(int total, Duration spread) {
            double share = BEAT.toMillis() / (double) spread.toMillis();
            double[] credit = new double[1];
            return (millis, published) -> {
                credit[0] += share * (total - published);
                int whole = (int) credit[0];
                credit[0] -= whole;
                return published + whole;
            };
        }

        /** Each at its time, in milliseconds, which grow. */
        static Pace at(long[] times) {
            return (millis, published) -> {
                int due = published;
                while (due < times.length && times[due] <= millis) {
                    due++;
                }
                return due;
            };
        }
    }

    /** Publishes what comes after the last record; returns how many records that were. */
    @FunctionalInterface
    interface Closing<T extends SpecificRecord> {
        int publish(AvroPublisher<T> publisher) throws Exception;
    }

    /**
     * Starts.
     *
     * @param publisher closed with the stream
     */
    RecordStream(List<T> records, AvroPublisher<T> publisher, Closing<T> closing, Pace pace) {
        this.records = records;
        this.publisher = publisher;
        this.closing = closing;
        this.pace = pace;
        total = CompletableFuture.supplyAsync(this::publish, work -> new Thread(work, "records").start());
    }

    private int publish() {
        try {
            while (published < records.size() && !stopped) {
                long millis = (System.nanoTime() - start) / 1_000_000;
                int due = hurried ? records.size() : Math.min(pace.due(millis, published), records.size());
                while (published < due) {
                    publisher.publish(records.get(published));
                    published++;
                }
                TimeUnit.MILLISECONDS.sleep(BEAT.toMillis());
            }
            publisher.flush();
            return published + closing.publish(publisher);
        } catch (Exception failed) {
            throw new IllegalStateException("records cannot be published", failed);
        }
    }

    /** Records published so far, closing ones left out. */
    int published() {
        return published;
    }

    /** Whether records are still to come. */
    boolean streams() {
        return published < records.size();
    }

    /** Lets the rest follow as fast as it can. */
    void hurry() {
        hurried = true;
    }

    /** Waits for the last record; returns how many there were, the closing ones included. */
    int awaitEnd() throws Exception {
        return total.get(120, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        stopped = true;
        total.handle((count, failure) -> count).join();
        publisher.close();
    }
}
