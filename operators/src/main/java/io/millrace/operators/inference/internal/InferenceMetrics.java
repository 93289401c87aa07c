package io.millrace.operators.inference.internal;

import java.util.function.IntSupplier;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/**
 * What an operator of an inference stage can watch, in the metric group {@code inference}. Times are in microseconds,
 * sizes in records or bytes.
 */
public final class InferenceMetrics {

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
    private volatile long lastWriteBackStates;
    private volatile long lastWriteBackMicros;
    private volatile int batchLimit;

    public InferenceMetrics(
            MetricGroup operator,
            BatchScheduler<?, ?> scheduler,
            Deployments<?, ?, ?, ?> deployments,
            Rollout<?, ?> rollout,
            IntSupplier inFlight) {
        MetricGroup group = operator.addGroup("inference");
        group.histogram("batchSize", batchSize);
        group.histogram("batchWaitMicros", waitMicros);
        group.histogram("modelCallMicros", callMicros);
        batches = group.counter("batches");
        answered = group.counter("recordsAnswered");
        deadLetters = group.counter("deadLetters");
        splits = group.counter("batchesSplitByFaults");
        writtenAhead = group.counter("statesWrittenAhead");
        group.gauge("batchesInFlight", (Gauge<Integer>) inFlight::getAsInt);
        group.gauge("recordsHeld", (Gauge<Integer>) scheduler::size);
        group.gauge("keysReady", (Gauge<Integer>) scheduler::readyKeys);
        group.gauge("arenaKeys", (Gauge<Integer>) deployments::resident);
        group.gauge("arenaBytes", (Gauge<Long>) deployments::residentBytes);
        group.gauge("arenaHits", (Gauge<Long>) () -> deployments.counts().hits);
        group.gauge("arenaMisses", (Gauge<Long>) () -> deployments.counts().misses);
        group.gauge("arenaEvictions", (Gauge<Long>) () -> deployments.counts().evictions);
        group.gauge("statesExpired", (Gauge<Long>) () -> deployments.counts().expired);
        group.gauge("keysEnded", (Gauge<Long>) () -> deployments.counts().ended);
        group.gauge(
                "modelVersion", (Gauge<String>) () -> deployments.current().id().toString());
        group.gauge("modelSwaps", (Gauge<Long>) rollout::swaps);
        group.gauge("modelSwapFailures", (Gauge<Long>) rollout::failures);
        group.gauge("modelSwapLastFailure", (Gauge<String>) rollout::lastFailure);
        group.gauge("lastWriteBackStates", (Gauge<Long>) () -> lastWriteBackStates);
        group.gauge("lastWriteBackMicros", (Gauge<Long>) () -> lastWriteBackMicros);
        group.gauge("batchLimitAfterOutOfMemory", (Gauge<Integer>) () -> batchLimit);
    }

    /** Counts a finished batch. */
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

    public void deadLetter() {
        deadLetters.inc();
    }

    public void batchLimit(int limit) {
        batchLimit = limit;
    }

    /** Counts states written between batches, ahead of a checkpoint. */
    public void writtenAhead(int states) {
        writtenAhead.inc(states);
    }

    /** Notes how many states a checkpoint wrote, and how long the stream stood still for it. */
    public void writtenBack(int states, long nanos) {
        lastWriteBackStates = states;
        lastWriteBackMicros = nanos / NANOS_PER_MICRO;
    }
}
