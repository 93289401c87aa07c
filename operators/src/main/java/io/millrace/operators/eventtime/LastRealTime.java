package io.millrace.operators.eventtime;

import java.util.function.LongSupplier;

import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;

/** An output in whose records the end of time stands no longer, but the last real time, or none if none is known. */
final class LastRealTime<T> implements Output<StreamRecord<T>> {

    private final Output<StreamRecord<T>> output;
    private final LongSupplier lastRealTime;

    /** {@code lastRealTime}: in milliseconds; {@link Long#MIN_VALUE} if none is known. */
    LastRealTime(Output<StreamRecord<T>> output, LongSupplier lastRealTime) {
        this.output = output;
        this.lastRealTime = lastRealTime;
    }

    private <X> StreamRecord<X> bounded(StreamRecord<X> record) {
        if (!record.hasTimestamp() || record.getTimestamp() != Long.MAX_VALUE) {
            return record;
        }
        long time = lastRealTime.getAsLong();
        return time == Long.MIN_VALUE
                ? new StreamRecord<>(record.getValue())
                : new StreamRecord<>(record.getValue(), time);
    }

    @Override
    public void collect(StreamRecord<T> record) {
        output.collect(bounded(record));
    }

    @Override
    public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
        output.collect(tag, bounded(record));
    }

    @Override
    public void emitWatermark(Watermark mark) {
        output.emitWatermark(mark);
    }

    @Override
    public void emitWatermark(WatermarkEvent watermark) {
        output.emitWatermark(watermark);
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
        output.emitWatermarkStatus(status);
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {
        output.emitLatencyMarker(marker);
    }

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {
        output.emitRecordAttributes(attributes);
    }

    @Override
    public void close() {
        output.close();
    }
}
