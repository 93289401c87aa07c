package io.millrace.operators.intrusion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificDatumWriter;

/** Dead letters of flows that were decoded but could not be judged. */
final class FlowDeadLetters {

    static final String STAGE = "intrusion";

    private FlowDeadLetters() {}

    static DeadLetter of(FlowRecord flow, String step, DeadLetterReason reason, String message) {
        return DeadLetter.newBuilder()
                .setStage(STAGE)
                .setStep(step)
                .setReason(reason)
                .setMessage(message)
                .setFailedTime(Instant.now())
                .setKey(bytes(flow.getSourceAddress()))
                .setValue(ByteBuffer.wrap(json(flow)))
                .setHeaders(new HashMap<>())
                .build();
    }

    /** The Avro JSON form; of a record that its schema does not allow, which has none, a text that shows it. */
    private static byte[] json(FlowRecord flow) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try {
            JsonEncoder encoder = EncoderFactory.get().jsonEncoder(FlowRecord.getClassSchema(), json);
            new SpecificDatumWriter<>(FlowRecord.class).write(flow, encoder);
            encoder.flush();
            return json.toByteArray();
        } catch (IOException | RuntimeException invalid) {
            return flow.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
