package io.millrace.connectors.netflow.internal;

import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.connectors.netflow.DropReason;
import io.millrace.connectors.netflow.ExportSource;
import io.millrace.connectors.netflow.ExporterStatistics;
import io.millrace.connectors.netflow.NetFlowDecoder;

/** Counters of one exporter, written by the thread that decodes and read by any. */
public final class ExporterCounts {
    /** Weight of the newest measurement of the clock: some ten exports smooth out what the network adds to one. */
    private static final double NEWEST = 0.125;

    /** What is counted, apart from what is dropped. */
    public enum Count {
        DATAGRAMS,
        RECORDS,
        TEMPLATES,
        COUNTER_SAMPLES,
        SEQUENCE_GAPS,
        SEQUENCE_LOST,
        AHEAD
    }

    private final String sensor;
    private final ExportSource session;
    private final long[] counts = new long[Count.values().length];
    private final long[] dropped = new long[DropReason.values().length];
    private double offset = Double.NaN;
    private long lastHeard = NetFlowDecoder.NOT_RECEIVED;

    public ExporterCounts(String sensor, ExportSource session) {
        this.sensor = sensor;
        this.session = session;
    }

    /** Adds to a counter. */
    public synchronized void add(Count count, long number) {
        counts[count.ordinal()] += number;
    }

    /** Counts what was dropped. */
    public synchronized void drop(DropReason reason, long number) {
        dropped[reason.ordinal()] += number;
    }

    /** Notes a message, and compares the exporter's clock with that of this machine. */
    public synchronized void heard(long exportMillis, long receivedMillis) {
        counts[Count.DATAGRAMS.ordinal()]++;
        if (receivedMillis != NetFlowDecoder.NOT_RECEIVED) {
            lastHeard = receivedMillis;
            if (exportMillis != NetFlowDecoder.NOT_RECEIVED) {
                double now = exportMillis - receivedMillis;
                offset = Double.isNaN(offset) ? now : offset + NEWEST * (now - offset);
            }
        }
    }

    /** The counters as they stand. */
    public synchronized ExporterStatistics snapshot() {
        Map<String, Long> reasons = new LinkedHashMap<>();
        for (DropReason reason : DropReason.values()) {
            if (dropped[reason.ordinal()] > 0) {
                reasons.put(reason.key(), dropped[reason.ordinal()]);
            }
        }
        return new ExporterStatistics(
                sensor,
                session.port(),
                session.transport(),
                of(Count.DATAGRAMS),
                of(Count.RECORDS),
                of(Count.TEMPLATES),
                of(Count.COUNTER_SAMPLES),
                of(Count.SEQUENCE_GAPS),
                of(Count.SEQUENCE_LOST),
                of(Count.AHEAD),
                reasons,
                Double.isNaN(offset) ? null : (Long) Math.round(offset),
                lastHeard == NetFlowDecoder.NOT_RECEIVED ? null : (Long) lastHeard);
    }

    private long of(Count count) {
        return counts[count.ordinal()];
    }
}
