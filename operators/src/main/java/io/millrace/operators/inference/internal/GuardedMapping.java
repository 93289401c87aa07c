package io.millrace.operators.inference.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

import io.millrace.models.streaming.ModelId;
import io.millrace.operators.inference.RecordMapping;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/**
 * Asks the mapping of a stage, and lets no record of it stop the others: one on which any part of the mapping fails becomes
 * a dead letter.
 */
final class GuardedMapping<IN, I, O, OUT> {

    private final RecordMapping<IN, I, O, OUT> mapping;
    private final Emitter<OUT> emitter;
    private final LoopMetrics metrics;

    GuardedMapping(RecordMapping<IN, I, O, OUT> mapping, Emitter<OUT> emitter, LoopMetrics metrics) {
        this.mapping = mapping;
        this.emitter = emitter;
        this.metrics = metrics;
    }

    long bytes(IN value) {
        try {
            return Math.max(0, mapping.bytes(value));
        } catch (RuntimeException unfit) {
            return 0;
        }
    }

    /** What a record is to the model. Any thread may call this if the mapping prepares aside. */
    PendingRecord.Prepared prepare(IN value) {
        try {
            return mapping.endsKey(value)
                    ? new PendingRecord.EndOfKey()
                    : new PendingRecord.Input<>(mapping.input(value));
        } catch (RuntimeException unfit) {
            return new PendingRecord.Unfit(describe(unfit));
        }
    }

    void ended(PendingRecord<?, IN> record, ModelId model) {
        OUT result;
        try {
            result = mapping.ended(record.value(), model);
        } catch (RuntimeException unfit) {
            giveUp(record, DeadLetterReason.INVALID_RECORD, describe(unfit));
            return;
        }
        emitter.result(result, record.timestamp());
    }

    void answer(PendingRecord<?, IN> record, FaultIsolation.Outcome<O> outcome, ModelId model) {
        if (!outcome.succeeded()) {
            giveUp(record, outcome.reason(), outcome.message());
            return;
        }
        OUT result;
        try {
            result = mapping.result(record.value(), outcome.output(), model);
        } catch (RuntimeException unfit) {
            giveUp(record, DeadLetterReason.INVALID_RECORD, describe(unfit));
            return;
        }
        emitter.result(result, record.timestamp());
    }

    void giveUp(PendingRecord<?, IN> record, DeadLetterReason reason, String message) {
        metrics.deadLetter();
        DeadLetter letter;
        try {
            letter = mapping.deadLetter(record.value(), reason, message);
        } catch (RuntimeException worse) {
            letter = DeadLetter.newBuilder()
                    .setStage("unknown")
                    .setStep("infer")
                    .setReason(reason)
                    .setMessage(message + "; no letter could be made of the record: " + describe(worse))
                    .setFailedTime(Instant.now())
                    .setKey(ByteBuffer.wrap(String.valueOf(record.key()).getBytes(StandardCharsets.UTF_8)))
                    .setHeaders(Map.of())
                    .build();
        }
        emitter.letter(letter, record.timestamp());
    }

    private static String describe(RuntimeException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
