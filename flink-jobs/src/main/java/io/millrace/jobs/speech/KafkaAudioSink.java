package io.millrace.jobs.speech;

import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.kafka.TopicSink;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.TopicCatalogue;

/** Writes audio chunks to their Kafka topic, which is made if it is not there. */
public final class KafkaAudioSink extends TopicSink<AudioChunk> {

    /**
     * Connects.
     *
     * @param bootstrap brokers
     * @param registry schema registry
     * @param topic topic; null for the catalogue's
     */
    public KafkaAudioSink(String bootstrap, RegistryConfig registry, String topic) {
        super(
                AudioChunk.class,
                TopicCatalogue.AUDIO,
                topic,
                bootstrap,
                registry,
                KeyExtractor.text(AudioChunk::getStreamId),
                chunk -> chunk.getEventTime().toEpochMilli());
    }
}
