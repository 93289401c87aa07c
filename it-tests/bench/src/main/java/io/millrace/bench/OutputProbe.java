package io.millrace.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What leaves a job: count, latency, and the longest time without any output. Written by the one thread of the last
 * operator, read and restarted by the thread that measures; both sides are in one process and meet by number.
 */
final class OutputProbe {

    /** What was seen since the last restart. */
    record Reading(long records, double seconds, LatencyRecorder latency, double longestGapMillis) {
        double perSecond() {
            return records / seconds;
        }

        double p50Millis() {
            return latency.p50Millis();
        }

        double p99Millis() {
            return latency.p99Millis();
        }
    }

    private static final Map<Integer, OutputProbe> OPEN = new ConcurrentHashMap<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final int number = NEXT.incrementAndGet();
    private LatencyRecorder latency = new LatencyRecorder();
    private long records;
    private long total;
    private long since = System.nanoTime();
    private long last = since;
    private long longestGap;

    private OutputProbe() {}

    /** A probe that {@link #of} finds in this process. */
    static OutputProbe open() {
        OutputProbe probe = new OutputProbe();
        OPEN.put(probe.number, probe);
        return probe;
    }

    static OutputProbe of(int number) {
        return OPEN.get(number);
    }

    int number() {
        return number;
    }

    synchronized void seen(long createdNanos) {
        long now = System.nanoTime();
        latency.record(now - createdNanos, 1);
        longestGap = Math.max(longestGap, now - last);
        last = now;
        records++;
        total++;
    }

    /** Records seen since the beginning. */
    synchronized long total() {
        return total;
    }

    /** Reads and starts anew. */
    synchronized Reading restart() {
        long now = System.nanoTime();
        Reading reading = new Reading(records, (now - since) / 1e9, latency, Math.max(longestGap, now - last) / 1e6);
        latency = new LatencyRecorder();
        records = 0;
        longestGap = 0;
        since = now;
        last = now;
        return reading;
    }

    void close() {
        OPEN.remove(number);
    }
}
