package io.millrace.jobs.deadletter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/** Dead letters for tests. */
final class Letters {
    static final Instant TIME = Instant.parse("2026-01-05T09:00:00Z");

    private Letters() {}

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A flow that could not be decoded, read from flows/2@17, with key, value and a header. */
    static DeadLetter.Builder undecodable() {
        return DeadLetter.newBuilder()
                .setStage("intrusion")
                .setStep("decode")
                .setReason(DeadLetterReason.NOT_AVRO)
                .setMessage("no magic byte\nfound 0x7b")
                .setTopic("flows")
                .setPartition(2)
                .setOffset(17L)
                .setKey(bytes("10.0.0.1"))
                .setValue(bytes("{\"a\":1}"))
                .setHeaders(Map.of("trace", bytes("abc")))
                .setFailedTime(TIME);
    }
}
