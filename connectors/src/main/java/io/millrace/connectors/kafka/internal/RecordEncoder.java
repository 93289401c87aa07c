package io.millrace.connectors.kafka.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

import io.millrace.connectors.registry.SchemaRegistry;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Turns records into framed Avro. For one thread.
 *
 * @param <T> type of the values
 */
public final class RecordEncoder<T extends SpecificRecord> {
    private final SpecificDatumWriter<T> writer;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final byte[] header;
    private BinaryEncoder encoder;

    /** Asks the registry for the id of the type's schema under the topic's value subject. */
    public RecordEncoder(Class<T> type, String topic, SchemaRegistry registry) {
        Schema schema = SpecificData.get().getSchema(type);
        writer = new SpecificDatumWriter<>(schema, SpecificData.getForClass(type));
        header = WireFormat.header(registry.idFor(topic + "-value", schema));
    }

    /**
     * The record in bytes.
     *
     * @throws IllegalArgumentException if the record lacks a field that its schema wants
     */
    public byte[] encode(T record) {
        bytes.reset();
        bytes.writeBytes(header);
        encoder = EncoderFactory.get().binaryEncoder(bytes, encoder);
        try {
            writer.write(record, encoder);
            encoder.flush();
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("Record does not follow its schema: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }
}
