package io.millrace.bench;

import java.util.Map;

import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.intrusion.network.FlowOutput;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.inference.RecordMapping;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.flink.api.java.tuple.Tuple2;

/** Records to flows, logits to results. */
final class OperatorMapping implements RecordMapping<BenchRecord, FlowInput, FlowOutput, Tuple2<Long, Float>> {

    @Override
    public FlowInput input(BenchRecord record) {
        return new FlowInput(record.numeric(), record.categorical());
    }

    @Override
    public long bytes(BenchRecord record) {
        return record.payload().length;
    }

    @Override
    public Tuple2<Long, Float> result(BenchRecord record, FlowOutput output, ModelId model) {
        return Tuple2.of(record.createdNanos(), output.logit());
    }

    @Override
    public DeadLetter deadLetter(BenchRecord record, DeadLetterReason reason, String message) {
        return DeadLetter.newBuilder()
                .setStage("bench")
                .setStep("infer")
                .setReason(reason)
                .setMessage(message)
                .setFailedTime(java.time.Instant.EPOCH)
                .setHeaders(Map.of())
                .build();
    }
}
