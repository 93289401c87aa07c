package io.millrace.simulators.flow.internal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.ExporterMode;

/** The exporters' view: turns a flow on the wire into the record or the two records that its sensor reports. */
public final class FlowExport {
    /** Sensors of a simulated network. */
    static final int SENSORS = 8;

    private static final int PROBE = 0;
    private static final int METER = 1;
    private static final int ROUTER = 2;
    private static final int PLAIN_ROUTER = 3;
    private static final String[] KIND_NAMES = {"probe", "meter", "router", "plain-router"};

    private final int[] sensorKinds = new int[SENSORS];
    private final String[] sensorNames = new String[SENSORS];
    private final String idPrefix;
    private long number;

    public FlowExport(ExporterMode mode, long seed) {
        int[] pattern =
                switch (mode) {
                    case BIFLOW -> new int[] {PROBE, METER, PROBE};
                    case UNIFLOW -> new int[] {ROUTER, PLAIN_ROUTER, ROUTER};
                    case MIXED -> new int[] {PROBE, METER, ROUTER, PLAIN_ROUTER};
                };
        for (int i = 0; i < SENSORS; i++) {
            sensorKinds[i] = pattern[i % pattern.length];
            sensorNames[i] = "simulated-" + KIND_NAMES[sensorKinds[i]] + '-' + i;
        }
        idPrefix = Long.toString(seed & 0xFFFFFFFL, 36) + '-';
    }

    /** Returns a flow's records in the order they are reported: one, or two where the sensor reports directions apart. */
    public void report(SimulatedFlow flow, ArrayDeque<FlowRecord> to) {
        String id = idPrefix + Long.toString(number++, 36);
        int kind = sensorKinds[flow.sensor];
        if (kind <= METER) {
            to.add(biflow(flow, id, kind == PROBE));
            return;
        }
        boolean flags = kind == ROUTER;
        if (flow.packetsOut > 0) {
            to.add(uniflow(flow, id, flags, false));
        }
        if (flow.packetsIn > 0) {
            to.add(uniflow(flow, flow.packetsOut > 0 ? id + 'r' : id, flags, true));
        }
    }

    private FlowRecord biflow(SimulatedFlow flow, String id, boolean probe) {
        FlowRecord record = common(flow, id, flow.startMicros);
        record.setSourceAddress(flow.source.address);
        record.setDestinationAddress(flow.destination.address);
        ports(record, flow.sourcePort, flow.destinationPort);
        record.setBytesOut(flow.bytesOut);
        record.setBytesIn(flow.bytesIn);
        record.setPacketsOut(flow.packetsOut);
        record.setPacketsIn(flow.packetsIn);
        if (flow.protocol == TcpWire.PROTOCOL) {
            record.setTcpFlags(flow.flagsOut | flow.flagsIn);
            record.setTcpFlagsOut(flow.flagsOut);
            record.setTcpFlagsIn(flow.flagsIn);
        }
        if (flow.icmpType != SimulatedFlow.NONE) {
            record.setIcmpType(flow.icmpType);
            record.setIcmpCode(flow.icmpCode);
        }
        if (probe) {
            record.setService(flow.service);
            record.setConnectionState(flow.state);
            record.setHistory(flow.history);
        }
        return record;
    }

    private FlowRecord uniflow(SimulatedFlow flow, String id, boolean flags, boolean reverse) {
        long packets = reverse ? flow.packetsIn : flow.packetsOut;
        long half = reverse && flow.packetsOut > 0 ? firstAnswerMicros(flow) : 0;
        FlowRecord record = common(flow, id, flow.startMicros + half);
        if (packets == 1) {
            long only = reverse ? flow.startMicros + half : flow.startMicros;
            record.setStartTime(Instant.ofEpochMilli(only / 1000));
            record.setEndTime(Instant.ofEpochMilli(only / 1000));
            record.setDurationSeconds(0.0);
        }
        record.setSourceAddress(reverse ? flow.destination.address : flow.source.address);
        record.setDestinationAddress(reverse ? flow.source.address : flow.destination.address);
        ports(
                record,
                reverse ? flow.destinationPort : flow.sourcePort,
                reverse ? flow.sourcePort : flow.destinationPort);
        record.setBytesOut(reverse ? flow.bytesIn : flow.bytesOut);
        record.setPacketsOut(packets);
        if (flags && flow.protocol == TcpWire.PROTOCOL) {
            int seen = reverse ? flow.flagsIn : flow.flagsOut;
            record.setTcpFlags(seen);
            record.setTcpFlagsOut(seen);
        }
        if (flow.icmpType != SimulatedFlow.NONE) {
            record.setIcmpType(reverse && flow.icmpType == 8 ? 0 : flow.icmpType);
            record.setIcmpCode(flow.icmpCode);
        }
        if (reverse) {
            // Of two entries Map.of keeps another order in each process.
            Map<String, String> attributes = new TreeMap<>(record.getAttributes());
            attributes.put("direction", "reverse");
            record.setAttributes(attributes);
        }
        return record;
    }

    /** The answer begins half a round trip after the first packet, at the latest when the flow ends. */
    private static long firstAnswerMicros(SimulatedFlow flow) {
        long roundTrip = (long) ((flow.source.delay + flow.destination.delay) * 1e6);
        return Math.min(roundTrip / 2, flow.endMicros - flow.startMicros);
    }

    private FlowRecord common(SimulatedFlow flow, String id, long startMicros) {
        FlowRecord record = new FlowRecord();
        record.setFlowId(id);
        record.setSensor(sensorNames[flow.sensor]);
        record.setSourceFormat(FlowFormat.SIMULATED);
        record.setStartTime(Instant.ofEpochMilli(Math.floorDiv(startMicros, 1000L)));
        record.setEndTime(Instant.ofEpochMilli(Math.floorDiv(flow.endMicros, 1000L)));
        record.setDurationSeconds((flow.endMicros - startMicros) / 1e6);
        record.setProtocol(flow.protocol);
        record.setTypeOfService(flow.typeOfService);
        record.setLabel(flow.attack == null ? AttackKind.BENIGN : flow.attack.label());
        record.setAttributes(flow.attack == null ? Map.of() : Map.of("campaign", flow.campaign));
        return record;
    }

    private static void ports(FlowRecord record, int source, int destination) {
        if (source != SimulatedFlow.NONE) {
            record.setSourcePort(source);
            record.setDestinationPort(destination);
        }
    }
}
