package io.millrace.connectors.netflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counters of one decoder, written by its thread and readable from any. */
public final class DecoderStatistics {
    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong optionRecords = new AtomicLong();
    private final AtomicLong templates = new AtomicLong();
    private final AtomicLong sequenceGaps = new AtomicLong();
    private final AtomicLong sequenceLost = new AtomicLong();
    private final AtomicLongArray dropped = new AtomicLongArray(DropReason.values().length);

    /** Datagrams handed in, good or bad. */
    public long datagrams() {
        return datagrams.get();
    }

    /** Flow data records decoded, whether or not they became a flow. */
    public long records() {
        return records.get();
    }

    /** Records of options templates decoded; they describe the exporter and are no flows. */
    public long optionRecords() {
        return optionRecords.get();
    }

    /** Template definitions accepted, options templates and refreshed ones included. */
    public long templates() {
        return templates.get();
    }

    /** Times that the sequence number of an exporter jumped forward. */
    public long sequenceGaps() {
        return sequenceGaps.get();
    }

    /** Units missing in those jumps: flows for version 5, datagrams for version 9, records for IPFIX. */
    public long sequenceLost() {
        return sequenceLost.get();
    }

    /** How often something was dropped for the reason. */
    public long dropped(DropReason reason) {
        return dropped.get(reason.ordinal());
    }

    /** The reasons that occurred, by {@link DropReason#key()}, with their counts. */
    public Map<String, Long> dropped() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (DropReason reason : DropReason.values()) {
            if (dropped(reason) > 0) {
                counts.put(reason.key(), dropped(reason));
            }
        }
        return counts;
    }

    /** Counts something that was lost, also before it reached the decoder. */
    public void countDrop(DropReason reason, long count) {
        dropped.addAndGet(reason.ordinal(), count);
    }

    /** For the decoder alone. */
    public void countDatagram() {
        datagrams.incrementAndGet();
    }

    /** For the decoder alone. */
    public void countRecord() {
        records.incrementAndGet();
    }

    /** For the decoder alone. */
    public void countOptionRecord() {
        optionRecords.incrementAndGet();
    }

    /** For the decoder alone. */
    public void countTemplate() {
        templates.incrementAndGet();
    }

    /** For the decoder alone. */
    public void countGap(long lost) {
        sequenceGaps.incrementAndGet();
        sequenceLost.addAndGet(lost);
    }
}
