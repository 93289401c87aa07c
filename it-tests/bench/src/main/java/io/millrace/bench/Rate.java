package io.millrace.bench;

import java.util.Map;

/**
 * What one run of one variant gave.
 *
 * @param perSecond records a second
 * @param p50Millis median latency in milliseconds
 * @param p99Millis 99th percentile of the latency in milliseconds
 * @param cpuMicros processor time a record in microseconds, by thread, busiest first
 */
record Rate(double perSecond, double p50Millis, double p99Millis, Map<String, Double> cpuMicros) {

    /** Processor time a record of the thread that works most, in microseconds: what bounds the rate. */
    double criticalMicros() {
        return cpuMicros.values().iterator().next();
    }
}
