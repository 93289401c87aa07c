package io.millrace.connectors.kafka.internal;

import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.connectors.registry.SchemaRegistry;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the schemas of polled records in the thread that polls, before Flink's task thread sees them. While the
 * registry is away this thread waits, and the task thread goes on with checkpoints and watermarks.
 *
 * <p>Kafka makes it by name; the registry is the process's shared one for the {@code millrace.registry.} properties.
 */
public final class SchemaPrefetcher implements ConsumerInterceptor<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaPrefetcher.class);

    /** Client property that names the source which the consumer serves. */
    public static final String SOURCE = "millrace.source.id";

    /** By source: how often its job has left this process. */
    private static final Map<String, AtomicLong> DEPARTURES = new ConcurrentHashMap<>();

    private SchemaRegistry registry;
    private AtomicLong departures;
    private SourceLag lag;

    /**
     * Ends the waits of a source whose job has left this process: closing a consumer is up to the very thread that
     * waits, so that it would not hear of it.
     */
    static void stopWaiting(String source) {
        departures(source).incrementAndGet();
    }

    private static AtomicLong departures(String source) {
        return DEPARTURES.computeIfAbsent(source, ignored -> new AtomicLong());
    }

    @Override
    public void configure(Map<String, ?> properties) {
        registry = SchemaRegistry.shared(RegistryConfig.fromClientProperties(properties));
        departures = departures(String.valueOf(properties.get(SOURCE)));
        lag = SourceLag.of(String.valueOf(properties.get(SOURCE)));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        lag.givesOut(records);
        Set<Integer> seen = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            OptionalInt id = WireFormat.schemaId(record.value());
            if (id.isPresent() && seen.add(id.getAsInt())) {
                fetch(id.getAsInt());
            }
        }
        return records;
    }

    private void fetch(int id) {
        long before = departures.get();
        try {
            registry.schemaById(id, () -> departures.get() != before);
        } catch (RegistryException.UnknownSchema e) {
            LOG.debug("{}", e.getMessage());
        } catch (RegistryException e) {
            // The task thread asks once more and fails the job, without a dead letter, if there is still no answer.
            LOG.warn("{}", e.getMessage());
        }
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
