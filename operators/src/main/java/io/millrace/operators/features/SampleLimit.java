package io.millrace.operators.features;

import java.time.Duration;

import io.millrace.schemas.FeatureSample;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Lets through so many samples of a key in a minute of event time, so that no key floods those who read them. The minute
 * is that of the samples, in their order: a replay lets through the same.
 */
public final class SampleLimit extends KeyedProcessFunction<String, FeatureSample, FeatureSample> {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    /** Wall-clock time after which the count of a silent key is dropped: far more than a minute. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final int perMinute;
    private transient ValueState<Tuple2<Long, Integer>> counted;
    private transient Counter leftOut;

    /** {@code perMinute}: samples of a key in a minute of event time at most. */
    public SampleLimit(int perMinute) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("samples-per-minute must be at least 1, got " + perMinute);
        }
        this.perMinute = perMinute;
    }

    @Override
    public void open(OpenContext context) {
        ValueStateDescriptor<Tuple2<Long, Integer>> descriptor =
                new ValueStateDescriptor<>("samples-in-minute", Types.TUPLE(Types.LONG, Types.INT));
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(KEPT).build());
        counted = getRuntimeContext().getState(descriptor);
        leftOut = getRuntimeContext().getMetricGroup().addGroup("samples").counter("leftOut");
    }

    @Override
    public void processElement(FeatureSample sample, Context context, Collector<FeatureSample> out) throws Exception {
        long minute = Math.floorDiv(sample.getEventTime().toEpochMilli(), MINUTE);
        Tuple2<Long, Integer> known = counted.value();
        // One that is dated back counts with the newest minute.
        int before = known == null || known.f0 < minute ? 0 : known.f1;
        if (before == perMinute) {
            leftOut.inc();
            return;
        }
        counted.update(Tuple2.of(known == null ? minute : Math.max(minute, known.f0), before + 1));
        out.collect(sample);
    }
}
