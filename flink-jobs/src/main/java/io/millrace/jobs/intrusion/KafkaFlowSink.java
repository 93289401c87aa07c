package io.millrace.jobs.intrusion;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.TopicCatalogue;

/** Writes flows to their Kafka topic, which is made if it is not there. */
public final class KafkaFlowSink implements FlowSink {

    private final AvroPublisher<FlowRecord> publisher;

    /**
     * Connects.
     *
     * @param bootstrap brokers
     * @param registry schema registry
     * @param topic topic; null for the catalogue's
     */
    public KafkaFlowSink(String bootstrap, RegistryConfig registry, String topic) {
        if (topic == null) {
            try (TopicAdmin admin = new TopicAdmin(bootstrap, Duration.ofSeconds(20), Map.of())) {
                admin.ensure(List.of(TopicCatalogue.FLOWS));
            }
        }
        publisher = new AvroPublisher<>(
                FlowRecord.class,
                topic == null ? TopicCatalogue.FLOWS.name() : topic,
                bootstrap,
                registry,
                KeyExtractor.text(FlowRecord::getSourceAddress),
                flow -> flow.getEndTime().toEpochMilli(),
                Map.of());
    }

    @Override
    public void accept(FlowRecord flow) {
        publisher.publish(flow);
    }

    /** Waits until every flow is delivered. */
    public void flush() {
        publisher.flush();
    }

    /** Flows that the broker has. */
    public long delivered() {
        return publisher.delivered();
    }

    @Override
    public void close() {
        try (publisher) {
            publisher.flush();
        }
    }
}
