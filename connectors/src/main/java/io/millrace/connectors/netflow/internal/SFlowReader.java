package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.flow.FlowIdentity;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.connectors.netflow.ExportSource;
import io.millrace.connectors.netflow.SamplingPolicy;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;

/**
 * Reads sFlow version 5 (sflow.org, "sFlow Version 5", 2004): every sampled packet is a flow of one packet at the time of
 * its receipt, since an agent sends no time, and bears the rate of its sample. Counters of interfaces are counted and left
 * aside. The sensor is the agent's address with the number of its sub-agent.
 */
final class SFlowReader {
    /** Version under which an agent's sequence numbers are kept, apart from those of NetFlow. */
    private static final int VERSION = 0x5f05;

    private static final int FLOW_SAMPLE = 1;
    private static final int COUNTER_SAMPLE = 2;
    private static final int EXPANDED_FLOW_SAMPLE = 3;
    private static final int EXPANDED_COUNTER_SAMPLE = 4;

    private final Domains domains;
    private final DecoderStatistics statistics;

    SFlowReader(DecoderStatistics statistics, Domains domains) {
        this.domains = domains;
        this.statistics = statistics;
    }

    /**
     * Reads one datagram whose first byte is at index 0 of the buffer and whose end is its limit.
     *
     * @param receivedMillis when it arrived, milliseconds since the epoch, or
     *     {@link io.millrace.connectors.netflow.NetFlowDecoder#NOT_RECEIVED}
     * @param datedMillis when it passed the wire, milliseconds since the epoch; the time of its flows
     */
    void read(ExportSource source, ByteBuffer data, long receivedMillis, long datedMillis, FlowSink sink) {
        int at = SFlowLayout.behindAgent(data);
        if (at < 0) {
            statistics.countDrop(DropReason.TRUNCATED_HEADER, 1);
            return;
        }
        int addressLength = at - 8;
        String agent = addressLength == 4
                ? AddressText.ipv4(data, 8)
                : addressLength == 16 ? AddressText.ipv6(data, 8) : source.address();
        long sequence = data.getInt(at + 4) & 0xffffffffL;
        Domain domain = domains.of(ExportSource.of(agent), VERSION, data.getInt(at) & 0xffffffffL);
        ExportHeader header = new ExportHeader(
                FlowFormat.SFLOW_V5, domain.sensor(), datedMillis, data.getInt(at + 8), sequence, receivedMillis);
        statistics.heard(header.sensor(), source, receivedMillis);
        long lost = domain.advance(sequence, 1);
        if (lost > 0) {
            statistics.countGap(lost);
        }
        readSamples(header, data, at + SFlowLayout.BEHIND_AGENT, sink);
    }

    private void readSamples(ExportHeader header, ByteBuffer data, int from, FlowSink sink) {
        int at = from;
        long count = data.getInt(from - 4) & 0xffffffffL;
        for (int i = 0; i < count; i++) {
            int length = SFlowLayout.length(data, at);
            if (length < 0) {
                statistics.countDrop(DropReason.TRUNCATED_SET, 1);
                return;
            }
            ByteBuffer sample = data.slice(at + 8, length);
            switch (data.getInt(at)) {
                case FLOW_SAMPLE, EXPANDED_FLOW_SAMPLE ->
                    readFlow(header, sample, data.getInt(at) == EXPANDED_FLOW_SAMPLE, i, sink);
                case COUNTER_SAMPLE, EXPANDED_COUNTER_SAMPLE -> statistics.countCounterSample();
                default -> statistics.countDrop(DropReason.UNKNOWN_SAMPLE, 1);
            }
            at += 8 + length;
        }
        if (at < data.limit()) {
            statistics.countDrop(DropReason.TRAILING_BYTES, 1);
        }
    }

    private void readFlow(ExportHeader header, ByteBuffer sample, boolean expanded, int index, FlowSink sink) {
        int first = expanded ? 44 : 32;
        if (sample.limit() < first) {
            statistics.countDrop(DropReason.MALFORMED_RECORD, 1);
            return;
        }
        SampledPacket packet = new SampledPacket();
        long count = sample.getInt(first - 4) & 0xffffffffL;
        int at = first;
        for (long i = 0; i < count; i++) {
            int length = SFlowLayout.length(sample, at);
            if (length < 0) {
                statistics.countDrop(DropReason.MALFORMED_RECORD, 1);
                break;
            }
            packet.accept(sample.getInt(at), sample.slice(at + 8, length));
            at += 8 + length;
        }
        statistics.countRecord();
        if (packet.hosts()) {
            sink.accept(flow(header, sample, expanded, packet, index));
        } else {
            statistics.countDrop(DropReason.NO_ADDRESS, 1);
        }
    }

    private static FlowRecord flow(
            ExportHeader header, ByteBuffer sample, boolean expanded, SampledPacket packet, int index) {
        FlowRecord flow = new FlowRecord();
        flow.setSensor(header.sensor());
        flow.setSourceFormat(header.format());
        Instant time = Instant.ofEpochMilli(Math.max(0, header.exportMillis()));
        flow.setStartTime(time);
        flow.setEndTime(time);
        flow.setObservedTime(header.observed());
        flow.setDurationSeconds(0.0);
        packet.applyTo(flow);
        flow.setPacketsOut(1L);
        Map<String, String> attributes = new LinkedHashMap<>(packet.attributes());
        interfaceOf(attributes, "ingressInterface", sample, expanded ? 24 : 20, expanded);
        interfaceOf(attributes, "egressInterface", sample, expanded ? 32 : 24, expanded);
        flow.setAttributes(attributes);
        SamplingPolicy.note(flow, sample.getInt(expanded ? 12 : 8) & 0xffffffffL);
        flow.setFlowId(FlowIdentity.of(flow, header.sequence() << 16 | index));
        return flow;
    }

    /** An interface by its index; other forms (discarded, several interfaces) name none. */
    private static void interfaceOf(
            Map<String, String> attributes, String name, ByteBuffer sample, int at, boolean expanded) {
        int form = expanded ? sample.getInt(at) : sample.getInt(at) >>> 30;
        long index = expanded ? sample.getInt(at + 4) & 0xffffffffL : sample.getInt(at) & 0x3fffffff;
        if (form == 0 && index != 0) {
            attributes.put(name, Long.toString(index));
        }
    }
}
