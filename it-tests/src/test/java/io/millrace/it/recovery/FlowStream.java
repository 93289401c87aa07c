package io.millrace.it.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.it.LocalInfrastructure;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Topic;

/**
 * Flows on their way into a topic. They come the slower the fewer are left, so that they do not run out before
 * {@link #hurry}; after the last one a flow on each partition brings event time to its end.
 */
final class FlowStream implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(20);

    private final List<FlowRecord> flows;
    private final Topic topic;
    private final Instant end;
    private final AvroPublisher<FlowRecord> publisher;
    private final CompletableFuture<Integer> total;
    private volatile double share;
    private volatile int published;
    private volatile boolean stopped;

    /**
     * Starts.
     *
     * @param end event time of the flows that close the stream
     * @param spread time in which a share of 1 - 1/e of what is left comes
     */
    FlowStream(LocalInfrastructure local, Topic topic, List<FlowRecord> flows, Instant end, Duration spread) {
        this.flows = flows;
        this.topic = topic;
        this.end = end;
        share = BEAT.toMillis() / (double) spread.toMillis();
        publisher = new AvroPublisher<>(
                FlowRecord.class,
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                KeyExtractor.text(FlowRecord::getSourceAddress),
                flow -> flow.getEndTime().toEpochMilli(),
                Map.of());
        total = CompletableFuture.supplyAsync(this::publish, work -> new Thread(work, "flows").start());
    }

    private int publish() {
        try {
            double credit = 0;
            while (published < flows.size() && !stopped) {
                credit += share * (flows.size() - published);
                for (; credit >= 1 && published < flows.size(); credit--) {
                    publisher.publish(flows.get(published));
                    published++;
                }
                TimeUnit.MILLISECONDS.sleep(BEAT.toMillis());
            }
            publisher.flush();
            return published + close(topic.partitions());
        } catch (Exception failed) {
            throw new IllegalStateException("flows cannot be published", failed);
        }
    }

    private int close(int partitions) throws Exception {
        Set<Integer> closed = new HashSet<>();
        int host = 0;
        while (closed.size() < partitions) {
            closed.add(publisher
                    .publish(SeededFlows.closing(flows.get(0), ++host, end))
                    .get(30, TimeUnit.SECONDS)
                    .partition());
        }
        return host;
    }

    /** Flows published so far, closing ones left out. */
    int published() {
        return published;
    }

    /** Whether flows are still to come. */
    boolean streams() {
        return published < flows.size();
    }

    /** Lets the rest follow as fast as it can. */
    void hurry() {
        share = 1;
    }

    /** Waits for the last flow; returns how many there were, the closing ones included. */
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
