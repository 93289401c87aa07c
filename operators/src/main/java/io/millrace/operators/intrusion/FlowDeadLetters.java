package io.millrace.operators.intrusion;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;

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
                .setValue(bytes(flow.toString()))
                .setHeaders(new HashMap<>())
                .build();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
