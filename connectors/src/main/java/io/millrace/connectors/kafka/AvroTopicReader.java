package io.millrace.connectors.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.millrace.connectors.kafka.internal.Partitions;
import io.millrace.connectors.kafka.internal.RecordDecoder;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.RecordLimits;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all partitions of one topic outside Flink, committed records only: for the command line and tests. Commits no
 * offsets. For one thread.
 *
 * @param <T> type of the values
 */
public final class AvroTopicReader<T extends SpecificRecord> implements AutoCloseable {
    private static final Duration METADATA_LIMIT = Duration.ofSeconds(10);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    private final String topic;
    private final From from;
    private final RecordDecoder<T> decoder;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deque<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    private final String bootstrap;
    private boolean assigned;

    /** Where reading begins. */
    public enum From {
        /** At the earliest record. */
        EARLIEST,
        /** After the records that are there. */
        LATEST
    }

    /**
     * Prepares to read; connects with the first call.
     *
     * @param type type of the values
     * @param topic topic to read; may come into being later
     * @param bootstrap brokers, {@code host:port} separated by commas
     * @param registry the schema registry
     * @param from where to begin
     * @param properties further settings of the consumer
     */
    public AvroTopicReader(
            Class<T> type,
            String topic,
            String bootstrap,
            RegistryConfig registry,
            From from,
            Map<String, String> properties) {
        this.topic = topic;
        this.bootstrap = bootstrap;
        this.from = from;
        decoder = new RecordDecoder<>(
                type, "reader", SchemaRegistry.shared(registry), RecordLimits.NONE, Clock.systemUTC());
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("bootstrap.servers", bootstrap);
        all.setProperty("isolation.level", "read_committed");
        all.setProperty("enable.auto.commit", "false");
        all.setProperty("allow.auto.create.topics", "false");
        all.setProperty("auto.offset.reset", from == From.EARLIEST ? "earliest" : "latest");
        consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The next records, in the order of their partitions; none if nothing came in the time given.
     *
     * @throws io.millrace.connectors.registry.RegistryException.Outage if the registry stays away; the records come
     *     again with the next call
     */
    public List<Decoded<T>> poll(Duration limit) {
        if (!assign(limit)) {
            return List.of();
        }
        if (polled.isEmpty()) {
            consumer.poll(limit).forEach(polled::add);
        }
        List<Decoded<T>> decoded = new ArrayList<>(polled.size());
        while (!polled.isEmpty()) {
            decoded.add(decoder.decode(polled.peek()));
            polled.remove();
        }
        return decoded;
    }

    /** Every committed record from where reading stands to the end of the topic as it is now. */
    public List<Decoded<T>> readToEnd() {
        List<Decoded<T>> all = new ArrayList<>();
        readToEnd(all::add);
        return all;
    }

    /**
     * Hands over every committed record from where reading stands to the end of the topic as it is now, one by one.
     *
     * @throws org.apache.kafka.common.KafkaException if the brokers give nothing for a minute
     */
    public void readToEnd(Consumer<Decoded<T>> target) {
        if (!assign(METADATA_LIMIT)) {
            return;
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        long before = -1;
        long progress = System.nanoTime();
        do {
            poll(Duration.ofMillis(200)).forEach(target);
            long read = ends.keySet().stream().mapToLong(consumer::position).sum();
            if (read != before) {
                before = read;
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > SILENCE_LIMIT.toNanos()) {
                throw new TimeoutException("The brokers have given nothing of topic " + topic + " for "
                        + SILENCE_LIMIT.toSeconds() + " s, though there is more");
            }
        } while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue()));
    }

    /**
     * Settles where reading begins, unless that is done: what is written afterwards will be read.
     *
     * @return false if the topic was not found in the time given
     */
    public boolean ready(Duration limit) {
        return assign(limit);
    }

    private boolean assign(Duration limit) {
        if (assigned) {
            return true;
        }
        List<PartitionInfo> partitions = Partitions.of(consumer, topic, bootstrap, max(limit, METADATA_LIMIT));
        if (partitions.isEmpty()) {
            try {
                TimeUnit.MILLISECONDS.sleep(Math.min(limit.toMillis(), 500));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
        List<TopicPartition> all = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(all);
        if (from == From.EARLIEST) {
            consumer.seekToBeginning(all);
        } else {
            consumer.seekToEnd(all);
            Set<TopicPartition> settled = consumer.assignment();
            settled.forEach(consumer::position);
        }
        assigned = true;
        return true;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** Makes a {@link #poll} that waits in another thread throw {@code WakeupException}. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
    }
}
