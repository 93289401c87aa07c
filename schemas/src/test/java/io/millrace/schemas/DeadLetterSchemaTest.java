package io.millrace.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Letters of a version that knew nothing of cutting, and this one's read by it. */
class DeadLetterSchemaTest {
    private static final Set<String> LATER = Set.of("value_bytes", "cut_bytes");

    private static Schema former() {
        Schema now = DeadLetter.getClassSchema();
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : now.getFields()) {
            if (!LATER.contains(field.name())) {
                Schema type = field.name().equals("reason") ? formerReasons(field.schema()) : field.schema();
                fields.add(new Schema.Field(field.name(), type, field.doc(), field.defaultVal()));
            }
        }
        return Schema.createRecord(now.getName(), now.getDoc(), now.getNamespace(), false, fields);
    }

    private static Schema formerReasons(Schema now) {
        List<String> symbols = now.getEnumSymbols().stream()
                .filter(symbol -> !symbol.equals("TOO_LARGE"))
                .toList();
        return Schema.createEnum(now.getName(), now.getDoc(), now.getNamespace(), symbols, now.getEnumDefault());
    }

    private static DeadLetter letter(DeadLetterReason reason) {
        return DeadLetter.newBuilder()
                .setStage("intrusion")
                .setStep("write")
                .setReason(reason)
                .setMessage("too large")
                .setFailedTime(Instant.EPOCH)
                .setValue(ByteBuffer.wrap(new byte[] {1}))
                .setHeaders(Map.of())
                .setValueBytes(9L)
                .setCutBytes(8)
                .build();
    }

    @Test
    void aFormerReaderTakesALetterThatWasCutForOneOfAnUnknownReason() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(DeadLetter.class).write(letter(DeadLetterReason.TOO_LARGE), encoder);
        encoder.flush();
        GenericRecord read = new GenericDatumReader<GenericRecord>(DeadLetter.getClassSchema(), former())
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        assertThat(read.get("reason")).hasToString("UNKNOWN");
        assertThat(read.get("message")).hasToString("too large");
    }

    @Test
    void aFormerLetterIsReadAsWhole() throws IOException {
        DeadLetter letter = letter(DeadLetterReason.LATE);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<DeadLetter>(former(), SpecificData.getForClass(DeadLetter.class))
                .write(letter, encoder);
        encoder.flush();
        DeadLetter read = new SpecificDatumReader<DeadLetter>(former(), DeadLetter.getClassSchema())
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
        assertThat(read.getCutBytes()).isZero();
        assertThat(read.getValueBytes()).isNull();
        assertThat(read.getReason()).isEqualTo(DeadLetterReason.LATE);
    }
}
