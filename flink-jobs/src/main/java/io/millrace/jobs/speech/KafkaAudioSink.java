package io.millrace.jobs.speech;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.TopicCatalogue;

/** Writes audio chunks to their Kafka topic, which is made if it is not there. */
public final class KafkaAudioSink implements AutoCloseable {

    private final AvroPublisher<AudioChunk> publisher;

    /**
     * Connects.
     *
     * @param bootstrap brokers
     * @param registry schema registry
     * @param topic topic; null for the catalogue's
     */
    public KafkaAudioSink(String bootstrap, RegistryConfig registry, String topic) {
        if (topic == null) {
            try (TopicAdmin admin = new TopicAdmin(bootstrap, Duration.ofSeconds(20), Map.of())) {
                admin.ensure(List.of(TopicCatalogue.AUDIO));
            }
        }
        publisher = new AvroPublisher<>(
                AudioChunk.class,
                topic == null ? TopicCatalogue.AUDIO.name() : topic,
                bootstrap,
                registry,
                KeyExtractor.text(AudioChunk::getStreamId),
                chunk -> chunk.getEventTime().toEpochMilli(),
                Map.of());
    }

    /** Sends a chunk; returns before it is delivered. */
    public void accept(AudioChunk chunk) {
        publisher.publish(chunk);
    }

    /** Chunks that the broker has. */
    public long delivered() {
        return publisher.delivered();
    }

    /** Waits until every chunk is delivered, and disconnects. */
    @Override
    public void close() {
        try (publisher) {
            publisher.flush();
        }
    }
}
