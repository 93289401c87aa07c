package io.millrace.connectors.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where a record was read.
 *
 * @param topic topic
 * @param partition partition
 * @param offset offset
 * @param timestamp the record's timestamp in milliseconds since the epoch, -1 if it has none
 */
public record RecordOrigin(String topic, int partition, long offset, long timestamp) {

    /** The origin of a record as the consumer has it. */
    public static RecordOrigin of(ConsumerRecord<?, ?> record) {
        return new RecordOrigin(record.topic(), record.partition(), record.offset(), record.timestamp());
    }
}
