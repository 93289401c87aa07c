package io.millrace.connectors.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import io.millrace.connectors.kafka.internal.Partitions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Fetches single committed records by the place where they lie. For one thread. */
public final class RecordLookup implements AutoCloseable {
    private final Duration limit;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String bootstrap;

    /**
     * Prepares to read; connects with the first call.
     *
     * @param bootstrap brokers, {@code host:port} separated by commas
     * @param limit how long a record is waited for
     * @param properties further settings of the consumer
     */
    public RecordLookup(String bootstrap, Duration limit, Map<String, String> properties) {
        this.bootstrap = bootstrap;
        this.limit = limit;
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("bootstrap.servers", bootstrap);
        all.setProperty("isolation.level", "read_committed");
        all.setProperty("enable.auto.commit", "false");
        all.setProperty("allow.auto.create.topics", "false");
        all.setProperty("auto.offset.reset", "none");
        all.setProperty("max.poll.records", "1");
        consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The record at an offset.
     *
     * @return empty if it is not there, or no longer
     * @throws org.apache.kafka.common.KafkaException if the brokers are away or refuse
     */
    public Optional<ConsumerRecord<byte[], byte[]>> at(String topic, int partition, long offset) {
        List<PartitionInfo> partitions = Partitions.of(consumer, topic, bootstrap, limit);
        if (partitions.stream().noneMatch(each -> each.partition() == partition)) {
            return Optional.empty();
        }
        TopicPartition place = new TopicPartition(topic, partition);
        consumer.assign(List.of(place));
        Long end = consumer.endOffsets(List.of(place), limit).get(place);
        if (end == null || offset >= end) {
            return Optional.empty();
        }
        consumer.seek(place, offset);
        try {
            long until = System.nanoTime() + limit.toNanos();
            while (System.nanoTime() < until && consumer.position(place, limit) <= offset) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    return record.offset() == offset ? Optional.of(record) : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (OffsetOutOfRangeException gone) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
    }
}
