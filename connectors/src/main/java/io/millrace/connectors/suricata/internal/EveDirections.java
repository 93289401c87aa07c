package io.millrace.connectors.suricata.internal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.schemas.FlowRecord;

/**
 * Joins the two {@code netflow} events of a flow, which have its {@code flow_id} and its addresses the one way and the
 * other. Suricata writes the client's first, one right behind the other but for what other threads write between; a
 * direction without packets has no event. So a half waits for some lines, and only so many wait at once.
 */
public final class EveDirections {
    private static final int MAX_WAITING = 65_536;
    private static final int MAX_LINES = 10_000;
    private static final int MAX_SAID = 65_536;

    private record Half(FlowRecord flow, long line) {}

    private final Map<String, Half> waiting = new LinkedHashMap<>();
    private final Map<String, Boolean> said = bounded();

    /**
     * Takes one direction.
     *
     * @return whether it is taken; false if the flow has been said already by an event of its own
     */
    public boolean accept(FlowRecord half, long line, FlowSink sink) {
        release(line - MAX_LINES, MAX_WAITING, sink);
        String id = half.getFlowId();
        if (Boolean.FALSE.equals(said.get(id))) {
            return false;
        }
        Half first = waiting.remove(id);
        if (first == null) {
            waiting.put(id, new Half(half, line));
        } else if (mirrored(first.flow(), half)) {
            emit(joined(first.flow(), half), sink);
        } else {
            emit(first.flow(), sink);
            waiting.put(id, new Half(half, line));
        }
        return true;
    }

    /** Whether a flow, for which an event of its own comes, went out as a pair of directions. */
    public boolean isSaid(String id) {
        return Boolean.TRUE.equals(said.get(id));
    }

    /** Takes back the half that waits of a flow that an event of its own tells of; returns it, if there was one. */
    public List<FlowRecord> discard(String id) {
        said.put(id, false);
        Half half = waiting.remove(id);
        return half == null ? List.of() : List.of(half.flow());
    }

    /** Hands over the halves that wait. */
    public void flush(FlowSink sink) {
        release(Long.MAX_VALUE, 0, sink);
    }

    private void release(long before, int room, FlowSink sink) {
        Deque<FlowRecord> due = new ArrayDeque<>();
        var halves = waiting.values().iterator();
        while (halves.hasNext()) {
            Half half = halves.next();
            if (half.line() >= before && waiting.size() <= room) {
                break;
            }
            due.add(half.flow());
            halves.remove();
        }
        due.forEach(flow -> emit(flow, sink));
    }

    private void emit(FlowRecord flow, FlowSink sink) {
        said.put(flow.getFlowId(), true);
        sink.accept(flow);
    }

    private static boolean mirrored(FlowRecord one, FlowRecord other) {
        return one.getSourceAddress().equals(other.getDestinationAddress())
                && one.getDestinationAddress().equals(other.getSourceAddress())
                && Objects.equals(one.getSourcePort(), other.getDestinationPort())
                && Objects.equals(one.getDestinationPort(), other.getSourcePort());
    }

    private static FlowRecord joined(FlowRecord first, FlowRecord second) {
        // Where each event has the flags of both directions, those of the first are the flow's.
        boolean own = first.getTcpFlagsOut() == null && first.getTcpFlagsIn() == null;
        FlowRecord flow = FlowRecord.newBuilder(first).build();
        flow.setBytesIn(second.getBytesOut());
        flow.setPacketsIn(second.getPacketsOut());
        if (own) {
            flow.setTcpFlagsOut(first.getTcpFlags());
            flow.setTcpFlagsIn(second.getTcpFlags());
        }
        if (first.getTcpFlags() != null && second.getTcpFlags() != null) {
            flow.setTcpFlags(first.getTcpFlags() | second.getTcpFlags());
        }
        if (flow.getService() == null) {
            flow.setService(second.getService());
        }
        span(flow, second);
        return flow;
    }

    private static void span(FlowRecord flow, FlowRecord second) {
        Instant start = flow.getStartTime();
        Instant end = flow.getEndTime();
        boolean wider =
                second.getStartTime().isBefore(start) || second.getEndTime().isAfter(end);
        if (wider) {
            flow.setStartTime(second.getStartTime().isBefore(start) ? second.getStartTime() : start);
            flow.setEndTime(second.getEndTime().isAfter(end) ? second.getEndTime() : end);
            long millis = flow.getEndTime().toEpochMilli() - flow.getStartTime().toEpochMilli();
            flow.setDurationSeconds(millis / 1e3);
        }
    }

    private static Map<String, Boolean> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MAX_SAID;
            }
        };
    }
}
