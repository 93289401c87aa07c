package io.millrace.jobs.speech;

import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.kafka.TopicSink;
import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.TopicCatalogue;

/** Writes what is said in simulated audio to its Kafka topic, which is made if it is not there. */
public final class KafkaTruthSink extends TopicSink<SpeechTruth> {

    /**
     * Connects.
     *
     * @param bootstrap brokers
     * @param registry schema registry
     * @param topic topic; null for the catalogue's
     */
    public KafkaTruthSink(String bootstrap, RegistryConfig registry, String topic) {
        super(
                SpeechTruth.class,
                TopicCatalogue.SPEECH_TRUTH,
                topic,
                bootstrap,
                registry,
                KeyExtractor.text(SpeechTruth::getStreamId),
                truth -> truth.getEventTime().toEpochMilli());
    }
}
