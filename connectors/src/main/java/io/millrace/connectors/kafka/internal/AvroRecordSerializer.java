package io.millrace.connectors.kafka.internal;

import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.kafka.TimeExtractor;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.SchemaRegistry;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** {@link RecordEncoder} for Flink's Kafka sink; asks for the schema id when the sink opens. */
public final class AvroRecordSerializer<T extends SpecificRecord> implements KafkaRecordSerializationSchema<T> {
    private final Class<T> type;
    private final String topic;
    private final RegistryConfig config;
    private final KeyExtractor<T> keys;
    private final TimeExtractor<T> times;
    private transient RecordEncoder<T> encoder;

    public AvroRecordSerializer(
            Class<T> type, String topic, RegistryConfig config, KeyExtractor<T> keys, TimeExtractor<T> times) {
        this.type = type;
        this.topic = topic;
        this.config = config;
        this.keys = keys;
        this.times = times;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
        encoder = new RecordEncoder<>(type, topic, SchemaRegistry.shared(config));
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T element, KafkaSinkContext context, Long timestamp) {
        Long time = times == null ? timestamp : Long.valueOf(times.timeOf(element));
        return new ProducerRecord<>(
                topic, null, time == null || time < 0 ? null : time, keys.keyOf(element), encoder.encode(element));
    }
}
