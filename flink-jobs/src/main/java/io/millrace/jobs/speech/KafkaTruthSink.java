package io.millrace.jobs.speech;

import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.kafka.TopicSink;
import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.TopicCatalogue;

/** Writes what is said in simulated audio to its Kafka topic, which is made if it is not there. */
public final class KafkaTruthSink extends TopicSink<SpeechTruth> {

    /**
     * Connects.
     *
     * @param connection brokers and registry
     * @param topic topic; null for the catalogue's
     */
    public KafkaTruthSink(Connection connection, String topic) {
        super(
                SpeechTruth.class,
                TopicCatalogue.SPEECH_TRUTH,
                topic,
                connection,
                KeyExtractor.text(SpeechTruth::getStreamId),
                truth -> truth.getEventTime().toEpochMilli());
    }
}
