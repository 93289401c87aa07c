package io.millrace.connectors.netflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import io.millrace.connectors.netflow.internal.ExporterCounts;
import io.millrace.connectors.netflow.internal.ExporterCounts.Count;

/** Counters of one decoder and of each exporter, written by its thread and readable from any. */
public final class DecoderStatistics {
    /** Exporters counted by themselves; of more, those heard last. */
    private static final int MAX_EXPORTERS = 4096;

    private record ExporterKey(String sensor, ExportSource session) {}

    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong optionRecords = new AtomicLong();
    private final AtomicLong templates = new AtomicLong();
    private final AtomicLong counterSamples = new AtomicLong();
    private final AtomicLong sequenceGaps = new AtomicLong();
    private final AtomicLong sequenceLost = new AtomicLong();
    private final AtomicLong ahead = new AtomicLong();
    private final AtomicLongArray dropped = new AtomicLongArray(DropReason.values().length);
    private final LinkedHashMap<ExporterKey, ExporterCounts> exporters = new LinkedHashMap<>(16, 0.75f, true);

    /** Of the message that is being decoded; null for what no exporter is known of. */
    private ExporterCounts current;

    /** Messages handed in, good or bad: datagrams, or those of a stream. */
    public long datagrams() {
        return datagrams.get();
    }

    /** Flow data records decoded, whether or not they became a flow; packets of sFlow among them. */
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

    /** Counter samples of sFlow, which are left aside. */
    public long counterSamples() {
        return counterSamples.get();
    }

    /** Times that the sequence number of an exporter jumped forward. */
    public long sequenceGaps() {
        return sequenceGaps.get();
    }

    /** Units missing in those jumps: flows for versions 5 and 7, datagrams for 9 and sFlow, records for IPFIX. */
    public long sequenceLost() {
        return sequenceLost.get();
    }

    /** Flows that ended too far ahead of their receipt, or of their export where they were read from a file. */
    public long ahead() {
        return ahead.get();
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

    /** What each exporter has sent, the one heard last at the end. */
    public List<ExporterStatistics> exporters() {
        synchronized (exporters) {
            return exporters.values().stream().map(ExporterCounts::snapshot).toList();
        }
    }

    /** Counts something that was lost before it reached the decoder; any thread may. */
    public void countLost(DropReason reason, long count) {
        dropped.addAndGet(reason.ordinal(), count);
    }

    /** For the decoder alone. */
    public void countDrop(DropReason reason, long count) {
        dropped.addAndGet(reason.ordinal(), count);
        if (current != null) {
            current.drop(reason, count);
        }
    }

    /** For the decoder alone: a message begins, of an exporter that is not known yet. */
    public void countDatagram() {
        datagrams.incrementAndGet();
        current = null;
    }

    /** For the decoder alone: the message is of this exporter, which sends no time. */
    public void heard(String sensor, ExportSource source, long receivedMillis) {
        heard(sensor, source, NetFlowDecoder.NOT_RECEIVED, receivedMillis);
    }

    /** For the decoder alone: the message is of this exporter, whose clock shows this time. */
    public void heard(String sensor, ExportSource source, long exportMillis, long receivedMillis) {
        synchronized (exporters) {
            ExporterKey key = new ExporterKey(sensor, source.session());
            current = exporters.computeIfAbsent(key, any -> new ExporterCounts(sensor, key.session()));
            if (exporters.size() > MAX_EXPORTERS) {
                exporters.remove(exporters.keySet().iterator().next());
            }
        }
        current.heard(exportMillis, receivedMillis);
    }

    /** For the decoder alone. */
    public void countRecord() {
        count(records, Count.RECORDS, 1);
    }

    /** For the decoder alone. */
    public void countOptionRecord() {
        optionRecords.incrementAndGet();
    }

    /** For the decoder alone. */
    public void countTemplate() {
        count(templates, Count.TEMPLATES, 1);
    }

    /** For the decoder alone. */
    public void countCounterSample() {
        count(counterSamples, Count.COUNTER_SAMPLES, 1);
    }

    /** For the decoder alone. */
    public void countAhead() {
        count(ahead, Count.AHEAD, 1);
    }

    /** For the decoder alone. */
    public void countGap(long lost) {
        count(sequenceGaps, Count.SEQUENCE_GAPS, 1);
        count(sequenceLost, Count.SEQUENCE_LOST, lost);
    }

    private void count(AtomicLong all, Count count, long number) {
        all.addAndGet(number);
        if (current != null) {
            current.add(count, number);
        }
    }
}
