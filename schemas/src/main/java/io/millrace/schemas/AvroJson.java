package io.millrace.schemas;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** Records in Avro's JSON encoding, in UTF-8: the form in which dead letters carry records that were decoded. */
public final class AvroJson {
    private AvroJson() {}

    /** The record in Avro's JSON; a record that its schema does not allow, as a text that shows it. */
    public static byte[] of(SpecificRecord record) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            JsonEncoder encoder = EncoderFactory.get().jsonEncoder(record.getSchema(), json);
            new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
            return json.toByteArray();
        } catch (IOException | RuntimeException invalid) {
            return record.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * The record that a text holds.
     *
     * @throws IOException if it holds none of this type
     */
    public static <T extends SpecificRecord> T read(byte[] json, Class<T> type) throws IOException {
        Schema schema = SpecificData.get().getSchema(type);
        try {
            return type.cast(new SpecificDatumReader<T>(schema, schema, SpecificData.getForClass(type))
                    .read(null, DecoderFactory.get().jsonDecoder(schema, new ByteArrayInputStream(json))));
        } catch (RuntimeException other) {
            throw new IOException("no " + schema.getName() + ": " + other.getMessage(), other);
        }
    }
}
