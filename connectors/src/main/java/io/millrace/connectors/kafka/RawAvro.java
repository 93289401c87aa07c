package io.millrace.connectors.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

import io.millrace.connectors.kafka.internal.SchemaReading;
import io.millrace.connectors.kafka.internal.WireFormat;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.connectors.registry.SchemaRegistry;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/** Values of whatever schema, for people to look at. */
public final class RawAvro {
    private RawAvro() {}

    /**
     * The value in Avro's JSON, read with the schema that it was written with.
     *
     * @return empty if it is no Avro that the registry knows of
     * @throws io.millrace.connectors.registry.RegistryException if the registry is away or accepts no such credentials
     */
    public static Optional<byte[]> json(byte[] value, RegistryConfig registry) {
        OptionalInt id = WireFormat.schemaId(value);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        try {
            Schema schema = SchemaRegistry.shared(registry).schemaById(id.getAsInt());
            Object record = SchemaReading.generic(value, schema);
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, json);
            new GenericDatumWriter<>(schema).write(record, encoder);
            encoder.flush();
            return Optional.of(json.toByteArray());
        } catch (IOException | RegistryException.UnknownSchema none) {
            return Optional.empty();
        }
    }
}
