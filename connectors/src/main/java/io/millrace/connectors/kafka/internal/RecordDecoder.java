package io.millrace.connectors.kafka.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.connectors.kafka.RecordOrigin;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.RecordLimits;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Turns the bytes of a record into a value or a dead letter. Whatever the bytes are, it returns; only a registry that
 * is away makes it throw, since that says nothing about the record. For one thread.
 *
 * @param <T> type of the values
 */
public final class RecordDecoder<T extends SpecificRecord> {
    private static final String STEP = "decode";

    private final Class<T> type;
    private final Schema readerSchema;
    private final String stage;
    private final SchemaRegistry registry;
    private final EventTime<T> eventTime;
    private final RecordLimits limits;
    private final Clock clock;
    private final Map<Integer, Resolution<T>> resolutions = new HashMap<>();
    private final ByteArrayDecoder decoder = new ByteArrayDecoder();

    /** How one writer schema is read: by a reader, or not at all. */
    private record Resolution<T>(SpecificDatumReader<T> reader, String objection) {}

    /** Why a record is given up. */
    private static final class Undecodable extends Exception {
        private final DeadLetterReason reason;

        Undecodable(DeadLetterReason reason, String message) {
            super(message, null, false, false);
            this.reason = reason;
        }
    }

    /** A decoder that gives up what is larger than the limits, and believes any time. */
    public RecordDecoder(Class<T> type, String stage, SchemaRegistry registry, RecordLimits limits, Clock clock) {
        this(type, stage, registry, limits, null, clock);
    }

    /** {@code eventTime}: which times of records can be believed; null for any. */
    public RecordDecoder(
            Class<T> type,
            String stage,
            SchemaRegistry registry,
            RecordLimits limits,
            EventTime<T> eventTime,
            Clock clock) {
        this.type = type;
        this.readerSchema = SpecificData.get().getSchema(type);
        this.stage = stage;
        this.registry = registry;
        this.eventTime = eventTime;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Decodes one record.
     *
     * @throws RegistryException.Outage if the schema is not known yet and the registry is away
     * @throws RegistryException.Denied if the schema is not known yet and the registry does not let us ask for it
     */
    public Decoded<T> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Decoded.value(read(record.value()), RecordOrigin.of(record));
        } catch (Undecodable e) {
            return Decoded.deadLetter(letter(record, e.reason, e.getMessage()), RecordOrigin.of(record));
        }
    }

    private T read(byte[] value) throws Undecodable {
        if (value == null) {
            throw new Undecodable(DeadLetterReason.NOT_AVRO, "The record has no value (a tombstone)");
        }
        OptionalInt id = WireFormat.schemaId(value);
        if (id.isEmpty()) {
            throw new Undecodable(
                    DeadLetterReason.NOT_AVRO,
                    value.length < WireFormat.HEADER_BYTES
                            ? "The value has " + value.length + " bytes, fewer than the 5 of a schema id"
                            : "The value begins with byte " + value[0] + " where 0 is due");
        }
        Resolution<T> resolution = resolutions.get(id.getAsInt());
        if (resolution == null) {
            resolution = resolve(id.getAsInt());
            resolutions.put(id.getAsInt(), resolution);
        }
        if (resolution.objection() != null) {
            throw new Undecodable(DeadLetterReason.INCOMPATIBLE_SCHEMA, resolution.objection());
        }
        if (value.length > limits.recordBytes()) {
            throw new Undecodable(
                    DeadLetterReason.INVALID_RECORD,
                    "The record has " + value.length + " bytes, more than the limit of " + limits.recordBytes());
        }
        T read = read(value, id.getAsInt(), resolution.reader());
        if (decoder.longestText() > limits.textBytes() || decoder.items() > limits.items()) {
            Optional<String> excess = new RecordExtent(limits).excess(read);
            if (excess.isPresent()) {
                throw new Undecodable(DeadLetterReason.INVALID_RECORD, excess.get());
            }
        }
        return read;
    }

    private T read(byte[] value, int id, SpecificDatumReader<T> reader) throws Undecodable {
        T result;
        int left;
        try {
            decoder.startAt(value, WireFormat.HEADER_BYTES);
            result = type.cast(reader.read(null, decoder));
            left = decoder.remaining();
        } catch (AvroTypeException e) {
            throw new Undecodable(
                    DeadLetterReason.INCOMPATIBLE_SCHEMA, "Written with schema " + id + ": " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            throw new Undecodable(
                    DeadLetterReason.INVALID_RECORD, "Does not follow its schema " + id + ": " + describe(e));
        } catch (StackOverflowError e) {
            throw new Undecodable(
                    DeadLetterReason.INVALID_RECORD, "Does not follow its schema " + id + ": nested too deeply");
        }
        if (left > 0) {
            throw new Undecodable(
                    DeadLetterReason.INVALID_RECORD, left + " bytes follow the end of the record of schema " + id);
        }
        if (eventTime != null) {
            String objection = eventTime.objection(result, clock);
            if (objection != null) {
                throw new Undecodable(
                        DeadLetterReason.IMPLAUSIBLE_TIME,
                        "The record " + objection + ": set the sender's clock right, or " + stage + ".max-ahead");
            }
        }
        return result;
    }

    private Resolution<T> resolve(int id) throws Undecodable {
        Schema writer;
        try {
            writer = registry.schemaById(id);
        } catch (RegistryException.UnknownSchema e) {
            throw new Undecodable(DeadLetterReason.UNKNOWN_SCHEMA, e.getMessage());
        }
        var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(readerSchema, writer);
        if (compatibility.getType() != SchemaCompatibilityType.COMPATIBLE) {
            return new Resolution<>(
                    null,
                    "Written with schema " + id + " (" + writer.getFullName() + "), which cannot be read as "
                            + readerSchema.getFullName() + ": "
                            + compatibility.getResult().getIncompatibilities());
        }
        return new Resolution<>(new SpecificDatumReader<>(writer, readerSchema, SpecificData.getForClass(type)), null);
    }

    private DeadLetter letter(ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, String message) {
        Map<String, ByteBuffer> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), ByteBuffer.wrap(header.value() == null ? new byte[0] : header.value()));
        }
        return DeadLetter.newBuilder()
                .setStage(stage)
                .setStep(STEP)
                .setReason(reason)
                .setMessage(message)
                .setTopic(record.topic())
                .setPartition(record.partition())
                .setOffset(record.offset())
                .setRecordTime(record.timestamp() < 0 ? null : java.time.Instant.ofEpochMilli(record.timestamp()))
                .setFailedTime(clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
                .setKey(record.key() == null ? null : ByteBuffer.wrap(record.key()))
                .setValue(record.value() == null ? null : ByteBuffer.wrap(record.value()))
                .setHeaders(headers)
                .build();
    }

    private static String describe(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
