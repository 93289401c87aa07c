package io.millrace.bench;

import org.HdrHistogram.Histogram;

/** Latencies in nanoseconds, two significant digits. One thread. */
final class LatencyRecorder {

    private static final long HIGHEST_NANOS = 600_000_000_000L;

    private final Histogram histogram = new Histogram(HIGHEST_NANOS, 2);

    void record(long nanos, long times) {
        histogram.recordValueWithCount(Math.min(Math.max(nanos, 0), HIGHEST_NANOS), times);
    }

    double p50Millis() {
        return histogram.getValueAtPercentile(50) / 1e6;
    }

    double p95Millis() {
        return histogram.getValueAtPercentile(95) / 1e6;
    }

    /** Share of latencies above a limit. */
    double shareAbove(double millis) {
        long all = histogram.getTotalCount();
        return all == 0 ? 0 : (double) (all - histogram.getCountBetweenValues(0, (long) (millis * 1e6))) / all;
    }

    double p99Millis() {
        return histogram.getValueAtPercentile(99) / 1e6;
    }
}
