package io.millrace.it.recovery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.kafka.AvroPublisher;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records on their way into a topic. They come the slower the fewer are left, so that they do not run out before
 * {@link #hurry}.
 */
final class RecordStream<T extends SpecificRecord> implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(20);

    private final List<T> records;
    private final AvroPublisher<T> publisher;
    private final Closing<T> closing;
    private final CompletableFuture<Integer> total;
    private volatile double share;
    private volatile int published;
    private volatile boolean stopped;

    /** Publishes what comes after the last record; returns how many records that were. */
    @FunctionalInterface
    interface Closing<T extends SpecificRecord> {
        int publish(AvroPublisher<T> publisher) throws Exception;
    }

    /**
     * Starts.
     *
     * @param publisher closed with the stream
     * @param spread time in which a share of 1 - 1/e of what is left comes
     */
    RecordStream(List<T> records, AvroPublisher<T> publisher, Closing<T> closing, Duration spread) {
        this.records = records;
        this.publisher = publisher;
        this.closing = closing;
        share = BEAT.toMillis() / (double) spread.toMillis();
        total = CompletableFuture.supplyAsync(this::publish, work -> new Thread(work, "records").start());
    }

    private int publish() {
        try {
            double credit = 0;
            while (published < records.size() && !stopped) {
                credit += share * (records.size() - published);
                for (; credit >= 1 && published < records.size(); credit--) {
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
        share = 1;
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
