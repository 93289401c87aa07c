package io.millrace.connectors.kafka.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import io.millrace.connectors.kafka.TopicTerms;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.AvroJson;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes dead letters of results that their topic does not take; counts and logs them. For one thread. */
final class Unwritable {
    private static final Logger LOG = LoggerFactory.getLogger(Unwritable.class);

    private final SinkSettings settings;
    private final Counter counter;
    private RecordEncoder<DeadLetter> encoder;
    private TopicTerms terms;

    Unwritable(SinkSettings settings, Counter counter) {
        this.settings = settings;
        this.counter = counter;
    }

    /** The record to write in place of one that cannot be; null for none, if there is no topic of dead letters. */
    ProducerRecord<byte[], byte[]> letter(SpecificRecord record, byte[] key, DeadLetterReason reason, String message) {
        counter.inc();
        boolean kept = settings.deadLetters() != null && !(record instanceof DeadLetter);
        if (Long.bitCount(counter.getCount()) == 1) {
            LOG.error(
                    "{} results could not be written to {} and {}; the latest: {}",
                    counter.getCount(),
                    settings.topic(),
                    kept ? "went to " + settings.deadLetters() : "were dropped",
                    message);
        }
        return kept ? record(letterOf(record, key, reason, message)) : null;
    }

    private DeadLetter letterOf(SpecificRecord record, byte[] key, DeadLetterReason reason, String message) {
        return DeadLetter.newBuilder()
                .setStage(settings.stage())
                .setStep("write")
                .setReason(reason)
                .setMessage(message)
                .setFailedTime(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .setKey(key == null ? null : ByteBuffer.wrap(key))
                .setValue(ByteBuffer.wrap(AvroJson.of(record)))
                .setHeaders(Map.of())
                .build();
    }

    private ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        if (encoder == null) {
            terms = settings.terms(settings.deadLetters());
            encoder = new RecordEncoder<>(
                    DeadLetter.class, settings.deadLetters(), SchemaRegistry.shared(settings.registry()));
        }
        byte[] value = encoder.encode(letter);
        byte[] key = bytes(letter.getKey());
        if (!terms.fits(key, value)) {
            DeadLetter cut = LetterCutter.cut(letter, terms.contentBytes());
            value = encoder.encode(cut);
            key = bytes(cut.getKey());
        }
        return new ProducerRecord<>(settings.deadLetters(), key, value);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
