package io.millrace.jobs.intrusion;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.kafka.TopicSink;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.TopicCatalogue;

/** Writes flows to their Kafka topic, which is made if it is not there. */
public final class KafkaFlowSink extends TopicSink<FlowRecord> implements FlowSink {

    /**
     * Connects.
     *
     * @param connection brokers and registry
     * @param topic topic; null for the catalogue's
     */
    public KafkaFlowSink(Connection connection, String topic) {
        super(
                FlowRecord.class,
                TopicCatalogue.FLOWS,
                topic,
                connection,
                KeyExtractor.text(FlowRecord::getSourceAddress),
                flow -> flow.getEndTime().toEpochMilli());
    }

    /** Sends a flow; one of a sender whose texts are too large for the topic stops no other. */
    @Override
    public void accept(FlowRecord flow) {
        acceptOrSkip(flow);
    }
}
