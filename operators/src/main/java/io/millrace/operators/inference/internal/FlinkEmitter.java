package io.millrace.operators.inference.internal;

import io.millrace.schemas.DeadLetter;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * What comes out of a loop, into the output of a Flink operator.
 *
 * @param output the operator's output
 * @param deadLetters its side output of dead letters
 * @param time lets event time advance, downstream and for timers
 * @param <OUT> result
 */
public record FlinkEmitter<OUT>(
        Output<StreamRecord<OUT>> output,
        OutputTag<DeadLetter> deadLetters,
        ThrowingConsumer<Watermark, Exception> time)
        implements Emitter<OUT> {

    @Override
    public void result(OUT result, long timestamp) {
        output.collect(stamped(result, timestamp));
    }

    @Override
    public void letter(DeadLetter letter, long timestamp) {
        output.collect(deadLetters, stamped(letter, timestamp));
    }

    private static <T> StreamRecord<T> stamped(T value, long timestamp) {
        return timestamp == PendingRecord.NO_TIMESTAMP
                ? new StreamRecord<>(value)
                : new StreamRecord<>(value, timestamp);
    }

    @Override
    public void watermark(long timestamp) {
        try {
            time.accept(new Watermark(timestamp));
        } catch (Exception failure) {
            throw new IllegalStateException("a timer failed at watermark " + timestamp, failure);
        }
    }

    @Override
    public void idle() {
        output.emitWatermarkStatus(WatermarkStatus.IDLE);
    }
}
