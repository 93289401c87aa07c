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

    private final boolean aside;
    private final long bytes;

    ToyMapping() {
        this(false, 0);
    }

    /** {@code aside}: whether it prepares aside; {@code bytes}: what a record is said to take. */
    ToyMapping(boolean aside, long bytes) {
        this.aside = aside;
        this.bytes = bytes;
    }

    @Override
    public boolean preparesAside() {
        return aside;
    }

    @Override
    public long bytes(Tuple2<Integer, Long> record) {
        return bytes;
    }

    /** Threads that have made an input. */
    static final java.util.Set<String> THREADS = java.util.concurrent.ConcurrentHashMap.newKeySet();

    /** The mapping fails on what the model says of it. */
    static final long NO_RESULT = -5;
    /** The mapping fails when asked whether the key is over. */
    static final long NO_KIND = -6;
    /** The key is over, and the mapping fails to say so. */
    static final long NO_END = -8;
    /** The mapping fails on it, and on its dead letter as well. */
    static final long NO_LETTER = -9;

    @Override
    public Long input(Tuple2<Integer, Long> record) {
        THREADS.add(Thread.currentThread().getName());
        if (record.f1 == UNFIT || record.f1 == NO_LETTER) {
            throw new IllegalArgumentException("value out of range");
        }
        return record.f1;
    }

    @Override
    public Tuple4<Integer, Long, Double, String> result(Tuple2<Integer, Long> record, Double output, ModelId model) {
        if (record.f1 == NO_RESULT) {
            throw new IllegalStateException("no result of this");
        }
        return Tuple4.of(record.f0, record.f1, output, model.version());
    }

    @Override
    public boolean endsKey(Tuple2<Integer, Long> record) {
        if (record.f1 == NO_KIND) {
            throw new NullPointerException();
        }
        return record.f1 == END || record.f1 == NO_END;
    }

    @Override
    public Tuple4<Integer, Long, Double, String> ended(Tuple2<Integer, Long> record, ModelId model) {
        if (record.f1 == NO_END) {
            throw new IllegalStateException("no end of this");
        }
        return Tuple4.of(record.f0, record.f1, NONE, model.version());
    }

    @Override
    public DeadLetter deadLetter(Tuple2<Integer, Long> record, DeadLetterReason reason, String message) {
        if (record.f1 == NO_LETTER) {
            throw new IllegalStateException("no letter of this");
        }
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
