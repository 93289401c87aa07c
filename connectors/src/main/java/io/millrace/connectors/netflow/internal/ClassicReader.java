package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.flow.FlowFields;
import io.millrace.connectors.flow.FlowIdentity;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.connectors.netflow.DecoderOptions;
import io.millrace.connectors.netflow.DecoderStatistics;
import io.millrace.connectors.netflow.DropReason;
import io.millrace.connectors.netflow.ExportSource;
import io.millrace.connectors.netflow.SamplingPolicy;
import io.millrace.schemas.FlowRecord;

/** Reads NetFlow v1, v5 and v7: a header and records that are always alike, see {@link ClassicLayout}. */
final class ClassicReader {
    private final Domains domains;
    private final DecoderStatistics statistics;
    private final ReceiptClock clock;

    ClassicReader(DecoderOptions options, DecoderStatistics statistics, Domains domains) {
        this.domains = domains;
        this.statistics = statistics;
        this.clock = new ReceiptClock(options.maxAhead(), statistics);
    }

    /** Reads one datagram whose first byte is at index 0 of the buffer and whose end is its limit. */
    void read(ClassicLayout layout, ExportSource source, ByteBuffer data, long receivedMillis, FlowSink sink) {
        if (data.limit() < layout.headerLength()) {
            statistics.countDrop(DropReason.TRUNCATED_HEADER, 1);
            return;
        }
        int counted = data.getShort(2) & 0xffff;
        long sequence = layout.sequence(data);
        Domain domain = domains.of(source, layout.version(), layout.engine(data));
        long lost = layout.numbered() ? domain.advance(sequence, counted) : 0;
        long export = (data.getInt(8) & 0xffffffffL) * 1000 + (data.getInt(12) & 0xffffffffL) / 1_000_000;
        ExportHeader header =
                new ExportHeader(layout.format(), domain.sensor(), export, data.getInt(4), sequence, receivedMillis);
        statistics.heard(header.sensor(), source, export, receivedMillis);
        if (lost > 0) {
            statistics.countGap(lost);
        }
        int held = Math.min(counted, (data.limit() - layout.headerLength()) / layout.recordLength());
        for (int i = 0; i < held; i++) {
            statistics.countRecord();
            FlowRecord flow = flow(layout, header, data, layout.headerLength() + i * layout.recordLength(), i);
            clock.check(flow, header);
            sink.accept(flow);
        }
        if (held < counted) {
            statistics.countDrop(DropReason.MISSING_RECORDS, counted - held);
        } else if (data.limit() > layout.headerLength() + held * layout.recordLength()) {
            statistics.countDrop(DropReason.TRAILING_BYTES, 1);
        }
    }

    private static FlowRecord flow(ClassicLayout layout, ExportHeader header, ByteBuffer data, int at, int index) {
        long first = data.getInt(at + 24) & 0xffffffffL;
        long last = data.getInt(at + 28) & 0xffffffffL;
        long end = Math.max(0, Uptime.millis(last, header.exportMillis(), header.uptime() & 0xffffffffL));
        long start = Math.max(0, end - Uptime.between(first, last));
        int protocol = data.get(at + 38) & 0xff;
        int destinationPort = data.getShort(at + 34) & 0xffff;
        FlowRecord flow = new FlowRecord();
        flow.setSensor(header.sensor());
        flow.setSourceFormat(header.format());
        flow.setStartTime(Instant.ofEpochMilli(start));
        flow.setEndTime(Instant.ofEpochMilli(end));
        flow.setObservedTime(header.observed());
        flow.setDurationSeconds((end - start) / 1e3);
        flow.setSourceAddress(AddressText.ipv4(data, at));
        flow.setDestinationAddress(AddressText.ipv4(data, at + 4));
        flow.setProtocol(protocol);
        if (protocol == 1) {
            flow.setIcmpType(destinationPort >> 8);
            flow.setIcmpCode(destinationPort & 0xff);
        } else if (FlowFields.hasPorts(protocol)) {
            flow.setSourcePort(data.getShort(at + 32) & 0xffff);
            flow.setDestinationPort(destinationPort);
        }
        flow.setPacketsOut(data.getInt(at + 16) & 0xffffffffL);
        flow.setBytesOut(data.getInt(at + 20) & 0xffffffffL);
        if (protocol == 6) {
            int flags = data.get(at + layout.flagsAt()) & 0xff;
            flow.setTcpFlagsOut(flags);
            flow.setTcpFlags(flags);
        }
        flow.setTypeOfService(data.get(at + 39) & 0xff);
        flow.setAttributes(attributes(layout, data, at));
        if (layout.samples()) {
            SamplingPolicy.note(flow, data.getShort(22) & 0x3fff);
        }
        flow.setFlowId(FlowIdentity.of(flow, header.sequence() << 16 | index));
        return flow;
    }

    private static Map<String, String> attributes(ClassicLayout layout, ByteBuffer data, int at) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("ipNextHopIPv4Address", AddressText.ipv4(data, at + 8));
        attributes.put("ingressInterface", Integer.toString(data.getShort(at + 12) & 0xffff));
        attributes.put("egressInterface", Integer.toString(data.getShort(at + 14) & 0xffff));
        if (layout.routed()) {
            attributes.put("bgpSourceAsNumber", Integer.toString(data.getShort(at + 40) & 0xffff));
            attributes.put("bgpDestinationAsNumber", Integer.toString(data.getShort(at + 42) & 0xffff));
            attributes.put("sourceIPv4PrefixLength", Integer.toString(data.get(at + 44) & 0xff));
            attributes.put("destinationIPv4PrefixLength", Integer.toString(data.get(at + 45) & 0xff));
        }
        int algorithm = layout.samples() ? data.getShort(22) >> 14 & 3 : 0;
        if (algorithm != 0) {
            attributes.put("samplingAlgorithm", Integer.toString(algorithm));
        }
        if (layout == ClassicLayout.V7) {
            attributes.put("ipv4RouterSc", AddressText.ipv4(data, at + 48));
        }
        return attributes;
    }
}
