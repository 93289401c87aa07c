package io.millrace.jobs.cli;

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

/** Sends flows as Avro to the flow topic, keyed by source address, stamped with their end time. */
final class FlowTopicSink implements FlowSink {
    private static final Duration ADMIN_LIMIT = Duration.ofSeconds(15);

    private final AvroPublisher<FlowRecord> publisher;

    /**
     * Connects; makes the topic if it is missing.
     *
     * @param bootstrap brokers, {@code host:port} separated by commas
     * @param registry address of the schema registry
     */
    FlowTopicSink(String bootstrap, String registry) {
        try (TopicAdmin topics = new TopicAdmin(bootstrap, ADMIN_LIMIT, Map.of())) {
            topics.ensure(List.of(TopicCatalogue.FLOWS));
        }
        publisher = new AvroPublisher<>(
                FlowRecord.class,
                TopicCatalogue.FLOWS.name(),
                bootstrap,
                RegistryConfig.at(registry),
                KeyExtractor.text(FlowRecord::getSourceAddress),
                flow -> flow.getEndTime().toEpochMilli(),
                Map.of());
    }

    @Override
    public void accept(FlowRecord flow) {
        publisher.publish(flow);
    }

    @Override
    public void close() {
        try (publisher) {
            publisher.flush();
        }
    }
}
