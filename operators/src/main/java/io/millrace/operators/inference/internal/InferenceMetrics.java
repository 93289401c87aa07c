package io.millrace.operators.inference.internal;

import java.util.function.Function;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * What an operator of an inference stage can watch, in the metric group {@code inference}. Times are in microseconds,
 * sizes in records or bytes.
 */
public final class InferenceMetrics implements LoopMetrics {

    private static final int SAMPLES = 1000;
    private static final int NANOS_PER_MICRO = 1000;

    private final Histogram batchSize = new DescriptiveStatisticsHistogram(SAMPLES);
    private final Histogram waitMicros = new DescriptiveStatisticsHistogram(SAMPLES);
    private final Histogram callMicros = new DescriptiveStatisticsHistogram(SAMPLES);
    private final Counter batches;
    private final Counter answered;
    private final Counter deadLetters;
    private final Counter splits;
    private final Counter writtenAhead;
    private final Counter deviceFailures;
    private volatile Figures figures =
            new Figures(0, 0, 0, 0, 0, 0, new CacheDirectory.Counts(0, 0, 0, 0, 0, 0), "", 0, 0);
    private volatile long lastWriteBackStates;
    private volatile long lastWriteBackMicros;
    private volatile int batchLimit;

    public InferenceMetrics(MetricGroup operator, Rollout<?, ?> rollout) {
        MetricGroup group = operator.addGroup("inference");
        group.histogram("batchSize", batchSize);
        group.histogram("batchWaitMicros", waitMicros);
        group.histogram("modelCallMicros", callMicros);
        batches = group.counter("batches");
        answered = group.counter("recordsAnswered");
        deadLetters = group.counter("deadLetters");
        splits = group.counter("batchesSplitByFaults");
        writtenAhead = group.counter("statesWrittenAhead");
        deviceFailures = group.counter("deviceFailures");
        gauge(group, "batchesInFlight", Figures::inFlight);
        gauge(group, "recordsHeld", Figures::recordsHeld);
        gauge(group, "bytesHeld", Figures::bytesHeld);
        gauge(group, "keysReady", Figures::keysReady);
        gauge(group, "arenaKeys", Figures::keysResident);
        gauge(group, "arenaBytes", Figures::bytesResident);
        gauge(group, "arenaHits", now -> now.counts().hits());
        gauge(group, "arenaMisses", now -> now.counts().misses());
        gauge(group, "arenaEvictions", now -> now.counts().evictions());
        gauge(group, "statesExpired", now -> now.counts().expired());
        gauge(group, "statesNotGoneOnWith", now -> now.counts().mismatched());
        gauge(group, "keysEnded", now -> now.counts().ended());
        gauge(group, "modelVersion", Figures::model);
        gauge(group, "modelGeneration", Figures::generation);
        gauge(group, "modelsDraining", Figures::draining);
        group.gauge("modelSwaps", (Gauge<Long>) rollout::swaps);
        group.gauge("modelSwapFailures", (Gauge<Long>) rollout::failures);
        group.gauge("modelSwapLastFailure", (Gauge<String>) rollout::lastFailure);
        group.gauge("modelSwapUnderWay", (Gauge<String>) rollout::state);
        group.gauge("lastWriteBackStates", (Gauge<Long>) () -> lastWriteBackStates);
        group.gauge("lastWriteBackMicros", (Gauge<Long>) () -> lastWriteBackMicros);
        group.gauge("batchLimitAfterOutOfMemory", (Gauge<Integer>) () -> batchLimit);
    }

    private <T> void gauge(MetricGroup group, String name, Function<Figures, T> figure) {
        group.gauge(name, (Gauge<T>) () -> figure.apply(figures));
    }

    @Override
    public void publish(Figures now) {
        figures = now;
    }

    @Override
    public void batch(Batch<?, ?, ?, ?> batch, Batch.Completion<?> completion) {
        batches.inc();
        batchSize.update(batch.records().size());
        callMicros.update(completion.callNanos() / NANOS_PER_MICRO);
        waitMicros.update((System.nanoTime() - batch.submittedNanos() - completion.callNanos()) / NANOS_PER_MICRO);
        if (completion.calls() > 1) {
            splits.inc();
        }
        answered.inc(completion.outcomes().stream()
                .filter(FaultIsolation.Outcome::succeeded)
                .count());
    }

    @Override
    public void deadLetter() {
        deadLetters.inc();
    }

    @Override
    public void deviceFailure() {
        deviceFailures.inc();
    }

    @Override
    public void batchLimit(int limit) {
        batchLimit = limit;
    }

    @Override
    public void writtenAhead(int states) {
        writtenAhead.inc(states);
    }

    @Override
    public void writtenBack(int states, long nanos) {
        lastWriteBackStates = states;
        lastWriteBackMicros = nanos / NANOS_PER_MICRO;
    }
}
