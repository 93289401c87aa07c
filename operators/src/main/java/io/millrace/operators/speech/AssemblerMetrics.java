package io.millrace.operators.speech;

import java.util.HashSet;
import java.util.Set;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetterReason;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What an operator of the speech stage can watch of its audio, in the metric group {@code audio}. */
final class AssemblerMetrics {

    private static final int SAMPLES = 1000;

    private final Set<String> active = new HashSet<>();
    private final Histogram lateness = new DescriptiveStatisticsHistogram(SAMPLES);
    private final Histogram lookAheads = new DescriptiveStatisticsHistogram(SAMPLES);
    private final Counter chunks;
    private final Counter repeated;
    private final Counter late;
    private final Counter invalid;
    private final Counter filledMillis;
    private final Counter raised;
    private final Counter lowered;
    private volatile int lookAhead;

    AssemblerMetrics(MetricGroup operator, int lookAhead) {
        MetricGroup group = operator.addGroup("audio");
        this.lookAhead = lookAhead;
        chunks = group.counter("chunks");
        repeated = group.counter("chunksRepeated");
        late = group.counter("chunksLate");
        invalid = group.counter("chunksInvalid");
        filledMillis = group.counter("gapsFilledMillis");
        raised = group.counter("lookAheadRaises");
        lowered = group.counter("lookAheadLowers");
        group.histogram("chunkLatenessMillis", lateness);
        group.histogram("lookAheads", lookAheads);
        group.gauge("lookAhead", (Gauge<Integer>) () -> this.lookAhead);
        group.gauge("streamsActive", (Gauge<Integer>) active::size);
    }

    /** A chunk came: how long after its first sample was taken. */
    void came(AudioChunk chunk, long now) {
        chunks.inc();
        lateness.update(now - chunk.getEventTime().toEpochMilli());
    }

    /** Notes whether a channel is heard. Those of before a restart count from their next chunk on. */
    void active(String key, ChannelState.Phase phase) {
        if (phase == ChannelState.Phase.HEARD) {
            active.add(key);
        } else {
            active.remove(key);
        }
    }

    void repeated() {
        repeated.inc();
    }

    void givenUp(DeadLetterReason reason) {
        (reason == DeadLetterReason.LATE ? late : invalid).inc();
    }

    void filled(long millis) {
        filledMillis.inc(millis);
    }

    void lookAhead(int frames, LookAheadControl.Decision decision) {
        lookAhead = frames;
        lookAheads.update(frames);
        switch (decision) {
            case RAISED -> raised.inc();
            case LOWERED -> lowered.inc();
            case KEPT -> {}
        }
    }
}
