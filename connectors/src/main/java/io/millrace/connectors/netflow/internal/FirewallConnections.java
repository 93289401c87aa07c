package io.millrace.connectors.netflow.internal;

import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.schemas.FlowRecord;

/**
 * Makes one flow of the events that a firewall reports of a connection (Cisco ASA's NSEL and those that do likewise):
 * created, updated, torn down. Counters of initiator and responder are what was added in an update and the total at the
 * end; where the end counts less than the updates together it has counted what was added since. Delta counters are always
 * added up. A connection that was denied is a flow of its own.
 *
 * <p>A connection is held until its end. One that is silent for {@value #SILENCE_MILLIS} ms, or for which there is no room,
 * is let go as it stands.
 */
final class FirewallConnections {
    private static final int CREATED = 1;
    private static final int DELETED = 2;
    private static final int DENIED = 3;
    private static final int ALERT = 4;
    private static final int UPDATED = 5;

    private static final int CAPACITY = 65_536;
    private static final long SILENCE_MILLIS = 1_800_000;

    private record Key(
            String sensor,
            String flowId,
            String source,
            Integer sourcePort,
            String destination,
            Integer destinationPort,
            int protocol) {
        static Key of(FlowRecord flow) {
            return new Key(
                    flow.getSensor(),
                    flow.getAttributes().get("flowId"),
                    flow.getSourceAddress(),
                    flow.getSourcePort(),
                    flow.getDestinationAddress(),
                    flow.getDestinationPort(),
                    flow.getProtocol());
        }
    }

    private static final class Held {
        private final FlowRecord flow;
        private long lastMillis;

        Held(FlowRecord flow) {
            this.flow = flow;
        }
    }

    private final LinkedHashMap<Key, Held> connections = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Takes a report.
     *
     * @param event what it reports, as the element {@code firewallEvent} numbers it
     * @param totals whether the end of a connection counts all of it
     * @param nowMillis time of the export or of its receipt
     */
    void accept(FlowRecord report, int event, boolean totals, long nowMillis, FlowSink sink) {
        advance(nowMillis, sink);
        switch (event) {
            case CREATED, ALERT, UPDATED -> hold(report, nowMillis, sink);
            case DELETED -> {
                Held held = connections.remove(Key.of(report));
                FlowRecord flow = held == null ? report : joined(held.flow, report, totals);
                flow.setConnectionState("closed");
                sink.accept(flow);
            }
            default -> {
                if (event == DENIED) {
                    report.setConnectionState("denied");
                }
                sink.accept(report);
            }
        }
    }

    /** Lets go the connections that have been silent for long. */
    void advance(long nowMillis, FlowSink sink) {
        Iterator<Held> oldest = connections.values().iterator();
        while (oldest.hasNext()) {
            Held held = oldest.next();
            if (nowMillis - held.lastMillis < SILENCE_MILLIS) {
                return;
            }
            oldest.remove();
            release(held.flow, sink);
        }
    }

    /** Lets go all that is held. */
    void flush(FlowSink sink) {
        Iterator<Held> all = connections.values().iterator();
        while (all.hasNext()) {
            Held held = all.next();
            all.remove();
            release(held.flow, sink);
        }
    }

    private static void release(FlowRecord flow, FlowSink sink) {
        flow.setConnectionState("established");
        sink.accept(flow);
    }

    private void hold(FlowRecord report, long nowMillis, FlowSink sink) {
        Key key = Key.of(report);
        Held known = connections.get(key);
        Held held = new Held(known == null ? report : joined(known.flow, report, false));
        held.lastMillis = nowMillis;
        connections.put(key, held);
        if (connections.size() > CAPACITY) {
            Iterator<Held> oldest = connections.values().iterator();
            FlowRecord flow = oldest.next().flow;
            oldest.remove();
            release(flow, sink);
        }
    }

    /** What is known of a connection with a further report of it; the identifier stays that of the first. */
    private static FlowRecord joined(FlowRecord known, FlowRecord report, boolean totals) {
        boolean total = totals && volume(report) >= volume(known);
        report.setBytesOut(count(known.getBytesOut(), report.getBytesOut(), total));
        report.setBytesIn(count(known.getBytesIn(), report.getBytesIn(), total));
        report.setPacketsOut(count(known.getPacketsOut(), report.getPacketsOut(), total));
        report.setPacketsIn(count(known.getPacketsIn(), report.getPacketsIn(), total));
        report.setTcpFlags(flags(known.getTcpFlags(), report.getTcpFlags()));
        report.setTcpFlagsOut(flags(known.getTcpFlagsOut(), report.getTcpFlagsOut()));
        report.setTcpFlagsIn(flags(known.getTcpFlagsIn(), report.getTcpFlagsIn()));
        report.setFlowId(known.getFlowId());
        Instant start =
                known.getStartTime().isBefore(report.getStartTime()) ? known.getStartTime() : report.getStartTime();
        Instant end = known.getEndTime().isAfter(report.getEndTime()) ? known.getEndTime() : report.getEndTime();
        report.setStartTime(start);
        report.setEndTime(end);
        report.setDurationSeconds((end.toEpochMilli() - start.toEpochMilli()) / 1e3);
        for (Map.Entry<String, String> attribute : known.getAttributes().entrySet()) {
            report.getAttributes().putIfAbsent(attribute.getKey(), attribute.getValue());
        }
        return report;
    }

    private static long volume(FlowRecord flow) {
        return value(flow.getBytesOut()) + value(flow.getBytesIn());
    }

    private static Long count(Long known, Long reported, boolean total) {
        if (known == null || reported == null) {
            return reported == null ? known : reported;
        }
        return total ? reported : (Long) (known + reported);
    }

    private static Integer flags(Integer known, Integer reported) {
        return known == null || reported == null ? reported == null ? known : reported : (Integer) (known | reported);
    }

    private static long value(Long count) {
        return count == null ? 0 : count;
    }
}
