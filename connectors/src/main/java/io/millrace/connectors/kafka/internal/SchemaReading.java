package io.millrace.connectors.kafka.internal;

import java.io.IOException;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;

/** Reads a framed value with any schema. */
public final class SchemaReading {
    private SchemaReading() {}

    /**
     * The value as generic Avro.
     *
     * @throws IOException if it does not follow the schema
     */
    public static Object generic(byte[] value, Schema schema) throws IOException {
        ByteArrayDecoder decoder = new ByteArrayDecoder();
        decoder.startAt(value, WireFormat.HEADER_BYTES);
        try {
            return new GenericDatumReader<>(schema).read(null, decoder);
        } catch (RuntimeException | StackOverflowError e) {
            throw new IOException("does not follow its schema: " + e.getMessage(), e);
        }
    }
}
