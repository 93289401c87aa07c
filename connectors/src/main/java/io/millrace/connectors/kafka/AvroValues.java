package io.millrace.connectors.kafka;

import java.time.Clock;

import io.millrace.connectors.kafka.internal.RecordDecoder;
import io.millrace.connectors.kafka.internal.RecordEncoder;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.RecordLimits;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The values of a topic as bytes and as records, for those who read and write by themselves. For one thread.
 *
 * @param <T> type of the values
 */
public final class AvroValues<T extends SpecificRecord> {
    private final Class<T> type;
    private final String topic;
    private final SchemaRegistry registry;
    private final RecordDecoder<T> decoder;
    private RecordEncoder<T> encoder;

    /** Connects with the first call. */
    public AvroValues(Class<T> type, String topic, RegistryConfig config) {
        this.type = type;
        this.topic = topic;
        registry = SchemaRegistry.shared(config);
        decoder = new RecordDecoder<>(type, "reader", registry, RecordLimits.NONE, Clock.systemUTC());
    }

    /**
     * The record that a value holds, or what stands against it.
     *
     * @throws io.millrace.connectors.registry.RegistryException if the registry would have to be asked and is away or
     *     accepts no such credentials
     */
    public Decoded<T> decode(ConsumerRecord<byte[], byte[]> record) {
        return decoder.decode(record);
    }

    /**
     * The value of a record.
     *
     * @throws IllegalArgumentException if the record does not follow its schema
     * @throws io.millrace.connectors.registry.RegistryException if the registry gives no id for the schema
     */
    public byte[] encode(T record) {
        if (encoder == null) {
            encoder = new RecordEncoder<>(type, topic, registry);
        }
        return encoder.encode(record);
    }
}
