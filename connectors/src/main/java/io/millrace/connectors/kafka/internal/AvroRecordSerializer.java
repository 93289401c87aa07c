package io.millrace.connectors.kafka.internal;

import io.millrace.connectors.kafka.TopicTerms;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.KeyExtractor;
import io.millrace.schemas.TimeExtractor;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * {@link RecordEncoder} for Flink's Kafka sink; asks for the schema id and for what the topic takes when the sink opens.
 * A record that the topic would refuse stops no job, which would only meet it again: a dead letter is cut to fit, of
 * anything else a dead letter tells, in the same transaction.
 */
public final class AvroRecordSerializer<T extends SpecificRecord> implements KafkaRecordSerializationSchema<T> {
    private final Class<T> type;
    private final SinkSettings settings;
    private final KeyExtractor<T> keys;
    private final TimeExtractor<T> times;
    private transient RecordEncoder<T> encoder;
    private transient TopicTerms terms;
    private transient Unwritable unwritable;

    public AvroRecordSerializer(Class<T> type, SinkSettings settings, KeyExtractor<T> keys, TimeExtractor<T> times) {
        this.type = type;
        this.settings = settings;
        this.keys = keys;
        this.times = times;
    }

    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
        encoder = new RecordEncoder<>(type, settings.topic(), SchemaRegistry.shared(settings.registry()));
        terms = settings.terms(settings.topic());
        unwritable = new Unwritable(settings, context.getMetricGroup().counter("recordsNotWritable"));
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T element, KafkaSinkContext context, Long timestamp) {
        byte[] key;
        byte[] value;
        try {
            key = keys.keyOf(element);
            value = encoder.encode(element);
        } catch (RuntimeException invalid) {
            return unwritable.letter(element, null, DeadLetterReason.INVALID_RECORD, String.valueOf(invalid));
        }
        if (!terms.fits(key, value)) {
            if (!(element instanceof DeadLetter letter)) {
                return unwritable.letter(element, key, DeadLetterReason.TOO_LARGE, tooLarge(key, value));
            }
            T cut = type.cast(LetterCutter.cut(letter, terms.contentBytes()));
            key = keys.keyOf(cut);
            value = encoder.encode(cut);
        }
        Long time = times == null ? timestamp : Long.valueOf(times.timeOf(element));
        return new ProducerRecord<>(settings.topic(), null, terms.timeOf(time, System.currentTimeMillis()), key, value);
    }

    private String tooLarge(byte[] key, byte[] value) {
        return "A " + type.getSimpleName() + " of " + ((key == null ? 0 : key.length) + value.length)
                + " bytes is more than topic " + settings.topic() + " takes (" + terms.recordBytes()
                + " bytes, the least of its max.message.bytes and the producer's max.request.size)";
    }
}
