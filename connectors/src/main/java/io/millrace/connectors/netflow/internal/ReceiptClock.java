package io.millrace.connectors.netflow.internal;

import java.time.Duration;
import java.time.Instant;

import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.NetFlowDecoder;
import io.millrace.schemas.FlowRecord;

/**
 * Holds the times of flows against the moment at which they came: whatever clock an exporter has, a flow cannot end after
 * it was reported. One that ends later by more than a bound is taken at its time of receipt and keeps its duration; its
 * attribute {@link NetFlowDecoder#AHEAD} says by how many milliseconds it was ahead. A flow read from a file has no
 * receipt: it is marked where it is ahead of its own export, and stays as it is.
 */
final class ReceiptClock {
    /** No flow whose time is not believed is taken to have lasted longer: what 32 bits of milliseconds hold. */
    private static final long LONGEST_MILLIS = 1L << 32;

    private final long maxAheadMillis;
    private final DecoderStatistics statistics;

    ReceiptClock(Duration maxAhead, DecoderStatistics statistics) {
        this.maxAheadMillis = maxAhead.toMillis();
        this.statistics = statistics;
    }

    /** Checks a flow, and changes it in place where it is ahead. */
    void check(FlowRecord flow, ExportHeader header) {
        long reference = header.received() ? header.receivedMillis() : header.exportMillis();
        long end = flow.getEndTime().toEpochMilli();
        long ahead = end - reference;
        if (ahead <= maxAheadMillis) {
            return;
        }
        statistics.countAhead();
        flow.getAttributes().put(NetFlowDecoder.AHEAD, Long.toString(ahead));
        if (header.received()) {
            long start = flow.getStartTime().toEpochMilli();
            long lasted = end - start;
            if (start > reference) {
                start = reference - (lasted > LONGEST_MILLIS ? 0 : lasted);
            }
            flow.setStartTime(Instant.ofEpochMilli(Math.max(0, start)));
            flow.setEndTime(Instant.ofEpochMilli(Math.max(0, reference)));
            flow.setDurationSeconds((reference - Math.max(0, start)) / 1e3);
        }
    }
}
