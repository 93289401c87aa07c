package io.millrace.jobs.speech;

import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.kafka.TopicSink;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.TopicCatalogue;

/** Writes audio chunks to their Kafka topic, which is made if it is not there. */
public final class KafkaAudioSink extends TopicSink<AudioChunk> {

    /**
     * Connects.
     *
     * @param connection brokers and registry
     * @param topic topic; null for the catalogue's
     */
    public KafkaAudioSink(Connection connection, String topic) {
        super(
                AudioChunk.class,
                TopicCatalogue.AUDIO,
                topic,
                connection,
                KeyExtractor.text(AudioChunk::getStreamId),
                chunk -> chunk.getEventTime().toEpochMilli());
    }
}
