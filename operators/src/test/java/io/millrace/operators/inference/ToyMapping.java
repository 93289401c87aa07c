package io.millrace.operators.inference;

import java.util.Map;

import io.millrace.models.streaming.ModelId;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple4;

/** Records are (key, value), results (key, value, output, version). */
final class ToyMapping
        implements RecordMapping<Tuple2<Integer, Long>, Long, Double, Tuple4<Integer, Long, Double, String>> {

    static final long UNFIT = -3;
    /** The key is over; answered with output {@link #NONE}. */
    static final long END = -4;

    static final double NONE = -1;

    @Override
    public Long input(Tuple2<Integer, Long> record) {
        if (record.f1 == UNFIT) {
            throw new IllegalArgumentException("value out of range");
        }
        return record.f1;
    }

    @Override
    public Tuple4<Integer, Long, Double, String> result(Tuple2<Integer, Long> record, Double output, ModelId model) {
        return Tuple4.of(record.f0, record.f1, output, model.version());
    }

    @Override
    public boolean endsKey(Tuple2<Integer, Long> record) {
        return record.f1 == END;
    }

    @Override
    public Tuple4<Integer, Long, Double, String> ended(Tuple2<Integer, Long> record, ModelId model) {
        return Tuple4.of(record.f0, record.f1, NONE, model.version());
    }

    @Override
    public DeadLetter deadLetter(Tuple2<Integer, Long> record, DeadLetterReason reason, String message) {
        return DeadLetter.newBuilder()
                .setStage("toy")
                .setStep("infer")
                .setReason(reason)
                .setMessage(record + ": " + message)
                .setFailedTime(java.time.Instant.EPOCH)
                .setHeaders(Map.of())
                .build();
    }
}
