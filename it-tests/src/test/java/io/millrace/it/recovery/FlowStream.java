package io.millrace.it.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.it.LocalInfrastructure;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Topic;

/** Streams of flows; after the last one a flow on each partition brings event time to its end. */
final class FlowStream {
    private FlowStream() {}

    /**
     * Starts one.
     *
     * @param end event time of the flows that close the stream
     * @param spread as of {@link RecordStream.Pace#slowing}
     */
    static RecordStream<FlowRecord> start(
            LocalInfrastructure local, Topic<FlowRecord> topic, List<FlowRecord> flows, Instant end, Duration spread) {
        AvroPublisher<FlowRecord> publisher =
                new AvroPublisher<>(topic, local.bootstrap(), local.registryConfig(), Map.of());
        return new RecordStream<>(
                flows,
                publisher,
                closing -> close(closing, topic, flows.get(0), end),
                RecordStream.Pace.slowing(flows.size(), spread));
    }

    private static int close(AvroPublisher<FlowRecord> publisher, Topic<FlowRecord> topic, FlowRecord like, Instant end)
            throws Exception {
        Set<Integer> closed = new HashSet<>();
        int host = 0;
        while (closed.size() < topic.partitions()) {
            closed.add(publisher
                    .publish(SeededFlows.closing(like, ++host, end))
                    .get(30, TimeUnit.SECONDS)
                    .partition());
        }
        return host;
    }
}
