package io.millrace.connectors.kafka.internal;

import java.io.IOException;
import java.time.Clock;

import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.DecodedTypeInfo;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.RecordLimits;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * {@link RecordDecoder} for Flink's Kafka source. {@link SchemaPrefetcher} has fetched the schemas before a record
 * comes here; should one be missing all the same, the look-up blocks up to the outage limit.
 */
public final class AvroRecordDeserializer<T extends SpecificRecord>
        implements KafkaRecordDeserializationSchema<Decoded<T>> {
    private final Class<T> type;
    private final String stage;
    private final RegistryConfig config;
    private final RecordLimits limits;
    private final String source;
    private final EventTime<T> eventTime;
    private final Clock clock;
    private transient RecordDecoder<T> decoder;

    /** {@code eventTime}: which times of records can be believed; null for any. */
    public AvroRecordDeserializer(
            Class<T> type,
            String stage,
            RegistryConfig config,
            RecordLimits limits,
            String source,
            EventTime<T> eventTime,
            Clock clock) {
        this.limits = limits;
        this.eventTime = eventTime;
        this.clock = clock;
        this.source = source;
        this.type = type;
        this.stage = stage;
        this.config = config;
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        context.getUserCodeClassLoader().registerReleaseHookIfAbsent(source, () -> {
            SchemaPrefetcher.stopWaiting(source);
            SourceLag.forget(source);
        });
        decoder = new RecordDecoder<>(type, stage, SchemaRegistry.shared(config), limits, eventTime, clock);
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Decoded<T>> out) throws IOException {
        try {
            out.collect(decoder.decode(record));
        } catch (RegistryException.Outage e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public TypeInformation<Decoded<T>> getProducedType() {
        return new DecodedTypeInfo<>(type);
    }
}
