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
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;

/** Reads NetFlow v5: a header of 24 bytes and fixed records of 48 bytes. */
public final class ClassicReader {
    private static final int HEADER = 24;
    private static final int RECORD = 48;

    private final Domains domains;
    private final DecoderStatistics statistics;

    ClassicReader(Domains domains, DecoderStatistics statistics) {
        this.domains = domains;
        this.statistics = statistics;
    }

    /** Reads one datagram whose first byte is at index 0 of the buffer and whose end is its limit. */
    public void read(String exporter, ByteBuffer data, long receivedMillis, FlowSink sink) {
        if (data.limit() < HEADER) {
            statistics.countDrop(DropReason.TRUNCATED_HEADER, 1);
            return;
        }
        int counted = data.getShort(2) & 0xffff;
        long sequence = data.getInt(16) & 0xffffffffL;
        Domain domain = domains.of(exporter, 5, data.getShort(20) & 0xffff);
        long lost = domain.advance(sequence, counted);
        if (lost > 0) {
            statistics.countGap(lost);
        }
        long export = (data.getInt(8) & 0xffffffffL) * 1000 + (data.getInt(12) & 0xffffffffL) / 1_000_000;
        ExportHeader header = new ExportHeader(
                FlowFormat.NETFLOW_V5, domain.sensor(), export, data.getInt(4), sequence, receivedMillis);
        int held = Math.min(counted, (data.limit() - HEADER) / RECORD);
        for (int i = 0; i < held; i++) {
            statistics.countRecord();
            sink.accept(flow(header, data, HEADER + i * RECORD, i));
        }
        if (held < counted) {
            statistics.countDrop(DropReason.MISSING_RECORDS, counted - held);
        } else if (data.limit() > HEADER + held * RECORD) {
            statistics.countDrop(DropReason.TRAILING_BYTES, 1);
        }
    }

    private static FlowRecord flow(ExportHeader header, ByteBuffer data, int at, int index) {
        long start = header.atUptime(data.getInt(at + 24));
        long end = header.atUptime(data.getInt(at + 28));
        end = Math.max(0, end);
        start = Math.max(0, Math.min(start, end));
        int protocol = data.get(at + 38) & 0xff;
        int destinationPort = data.getShort(at + 34) & 0xffff;
        FlowRecord flow = new FlowRecord();
        flow.setSensor(header.sensor());
        flow.setSourceFormat(FlowFormat.NETFLOW_V5);
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
        } else if (protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132 || protocol == 136) {
            flow.setSourcePort(data.getShort(at + 32) & 0xffff);
            flow.setDestinationPort(destinationPort);
        }
        flow.setPacketsOut(data.getInt(at + 16) & 0xffffffffL);
        flow.setBytesOut(data.getInt(at + 20) & 0xffffffffL);
        if (protocol == 6) {
            flow.setTcpFlagsOut(data.get(at + 37) & 0xff);
            flow.setTcpFlags(data.get(at + 37) & 0xff);
        }
        flow.setTypeOfService(data.get(at + 39) & 0xff);
        flow.setAttributes(attributes(data, at));
        flow.setFlowId(FlowIdentity.of(flow, header.sequence() << 16 | index));
        return flow;
    }

    private static Map<String, String> attributes(ByteBuffer data, int at) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("ipNextHopIPv4Address", AddressText.ipv4(data, at + 8));
        attributes.put("ingressInterface", Integer.toString(data.getShort(at + 12) & 0xffff));
        attributes.put("egressInterface", Integer.toString(data.getShort(at + 14) & 0xffff));
        attributes.put("bgpSourceAsNumber", Integer.toString(data.getShort(at + 40) & 0xffff));
        attributes.put("bgpDestinationAsNumber", Integer.toString(data.getShort(at + 42) & 0xffff));
        attributes.put("sourceIPv4PrefixLength", Integer.toString(data.get(at + 44) & 0xff));
        attributes.put("destinationIPv4PrefixLength", Integer.toString(data.get(at + 45) & 0xff));
        int sampling = data.getShort(22) & 0x3fff;
        if (sampling > 1) {
            attributes.put("samplingInterval", Integer.toString(sampling));
        }
        return attributes;
    }
}
