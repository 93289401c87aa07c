package io.millrace.connectors.kafka;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.millrace.connectors.kafka.internal.RecordEncoder;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Avro records to one topic outside Flink: for collectors and simulators. Sends in the background, idempotently;
 * a record that could not be delivered makes the next call fail. Safe for use by many threads.
 *
 * @param <T> type of the values
 */
public final class AvroPublisher<T extends SpecificRecord> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AvroPublisher.class);

    private final Topic<T> topic;
    private final RecordEncoder<T> encoder;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /**
     * Connects, and asks the registry for the schema's id.
     *
     * @param topic topic to write; its records bear the wall clock if it has no event time
     * @param bootstrap brokers, {@code host:port} separated by commas
     * @param registry the schema registry
     * @param properties further settings of the producer
     * @throws io.millrace.connectors.registry.RegistryException if the registry refuses the schema or stays away
     */
    public AvroPublisher(Topic<T> topic, String bootstrap, RegistryConfig registry, Map<String, String> properties) {
        this.topic = topic;
        encoder = new RecordEncoder<>(topic.valueType(), topic.name(), SchemaRegistry.shared(registry));
        Properties all = new Properties();
        all.setProperty("linger.ms", "20");
        all.putAll(properties);
        all.setProperty("bootstrap.servers", bootstrap);
        all.setProperty("enable.idempotence", "true");
        all.setProperty("acks", "all");
        producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends a record; returns before it is delivered. Blocks while the producer's buffer is full.
     *
     * @return done when the broker has the record
     * @throws KafkaException if an earlier record could not be delivered
     * @throws IllegalArgumentException if the record does not follow its schema
     */
    public CompletableFuture<RecordMetadata> publish(T record) {
        rethrow();
        CompletableFuture<RecordMetadata> done = send(record);
        done.whenComplete((metadata, error) -> {
            if (error instanceof Exception reason) {
                failure.compareAndSet(null, reason);
            }
        });
        return done;
    }

    /**
     * As {@link #publish}, but a record that is larger than the topic takes is left out, counted and logged: it must not
     * stop those of others.
     */
    public CompletableFuture<RecordMetadata> publishOrSkip(T record) {
        rethrow();
        CompletableFuture<RecordMetadata> done = send(record);
        done.whenComplete((metadata, error) -> {
            if (error instanceof RecordTooLargeException) {
                long count = skipped.incrementAndGet();
                if (Long.bitCount(count) == 1) {
                    LOG.error("{} records were left out, too large for topic {}: {}", count, topic, error.getMessage());
                }
            } else if (error instanceof Exception reason) {
                failure.compareAndSet(null, reason);
            }
        });
        return done;
    }

    /** Records left out so far, because they were too large. */
    public long skipped() {
        return skipped.get();
    }

    /**
     * Sends a record of which the caller alone will learn that it could not be delivered: no other call fails for it.
     * Returns before it is delivered. Blocks while the producer's buffer is full.
     *
     * @return done when the broker has the record, failed if it could not be delivered
     * @throws IllegalArgumentException if the record does not follow its schema
     */
    public CompletableFuture<RecordMetadata> send(T record) {
        byte[] value;
        synchronized (encoder) {
            value = encoder.encode(record);
        }
        Long event = topic.times() == null ? null : Long.valueOf(topic.times().timeOf(record));
        Long time = TopicTerms.USUAL.timeOf(event, System.currentTimeMillis());
        CompletableFuture<RecordMetadata> done = new CompletableFuture<>();
        producer.send(
                new ProducerRecord<>(topic.name(), null, time, topic.keys().keyOf(record), value),
                (metadata, error) -> {
                    if (error == null) {
                        delivered.incrementAndGet();
                        done.complete(metadata);
                    } else {
                        done.completeExceptionally(error);
                    }
                });
        return done;
    }

    /**
     * Waits until every record is delivered.
     *
     * @throws KafkaException if one could not be
     */
    public void flush() {
        producer.flush();
        rethrow();
    }

    /** Records delivered so far. */
    public long delivered() {
        return delivered.get();
    }

    private void rethrow() {
        Exception error = failure.getAndSet(null);
        if (error != null) {
            throw new KafkaException("A record could not be delivered to " + topic + ": " + error.getMessage(), error);
        }
    }

    /** Delivers what is waiting, for at most 10 seconds, and disconnects. */
    @Override
    public void close() {
        producer.close(java.time.Duration.ofSeconds(10));
    }
}
