package io.millrace.connectors.netflow;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.millrace.connectors.flow.FlowIdentity;
import io.millrace.connectors.flow.FlowOrientation;
import io.millrace.connectors.flow.FlowSink;
import io.millrace.schemas.FlowRecord;

/**
 * Joins the two records that most exporters send for a conversation, one for each direction, into one flow from the host
 * that opened it to the host that answered. A record waits for a bounded time, and only so many wait at once; the other
 * half is a record of the same sensor with the addresses, ports and protocol mirrored whose times overlap (within
 * {@value #TOLERANCE_MILLIS} ms). What finds no other half goes on as it is. Flows that have both directions already are
 * passed on at once.
 *
 * <p>The outcome depends on the records, their order and the times handed in alone. For one thread at a time.
 */
public final class FlowPairing {
    /** Records that wait at once, unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 65_536;

    /** Attribute of a flow whose directions were sampled at different rates: that of the answering host's. */
    public static final String REVERSE_SAMPLING = "reverseSamplingInterval";

    private static final long TOLERANCE_MILLIS = 1000;

    /** Records of one conversation and direction that wait at once, which bounds the search for an other half. */
    private static final int MAX_SAME = 16;

    private record Conversation(
            String sensor,
            int protocol,
            String source,
            Integer sourcePort,
            String destination,
            Integer destinationPort) {
        static Conversation of(FlowRecord flow) {
            return new Conversation(
                    flow.getSensor(),
                    flow.getProtocol(),
                    flow.getSourceAddress(),
                    flow.getSourcePort(),
                    flow.getDestinationAddress(),
                    flow.getDestinationPort());
        }

        Conversation mirrored() {
            return new Conversation(sensor, protocol, destination, destinationPort, source, sourcePort);
        }
    }

    /** A waiting record; compared by identity, since two records may be equal. */
    private static final class Waiting {
        private final FlowRecord flow;
        private final Conversation conversation;
        private final long deadline;

        Waiting(FlowRecord flow, Conversation conversation, long deadline) {
            this.flow = flow;
            this.conversation = conversation;
            this.deadline = deadline;
        }
    }

    private final Map<Conversation, Deque<Waiting>> byConversation = new HashMap<>();
    private final Set<Waiting> inOrder = new LinkedHashSet<>();
    private final int capacity;
    private final long windowMillis;
    private final FlowSink sink;

    /**
     * A pairing in which nothing waits.
     *
     * @param capacity records that may wait; beyond, the one that waited longest goes on unpaired
     * @param windowMillis how long a record waits, milliseconds
     * @param sink takes paired and unpaired flows
     */
    public FlowPairing(int capacity, long windowMillis, FlowSink sink) {
        if (capacity < 1 || windowMillis < 0) {
            throw new IllegalArgumentException("capacity must be positive and the window not negative");
        }
        this.capacity = capacity;
        this.windowMillis = windowMillis;
        this.sink = sink;
    }

    /** Takes a record at a time that never goes back, after letting go those whose time is up. */
    public void accept(FlowRecord flow, long nowMillis) {
        advance(nowMillis);
        if (flow.getBytesIn() != null || flow.getPacketsIn() != null) {
            sink.accept(flow);
            return;
        }
        Conversation conversation = Conversation.of(flow);
        Waiting half = take(conversation.mirrored(), flow);
        if (half != null) {
            sink.accept(join(half.flow, flow));
            return;
        }
        long deadline = nowMillis > Long.MAX_VALUE - windowMillis ? Long.MAX_VALUE : nowMillis + windowMillis;
        Waiting waiting = new Waiting(flow, conversation, deadline);
        inOrder.add(waiting);
        Deque<Waiting> same = byConversation.computeIfAbsent(conversation, key -> new ArrayDeque<>(2));
        same.addLast(waiting);
        if (same.size() > MAX_SAME) {
            release(same.peekFirst());
        } else if (inOrder.size() > capacity) {
            release(inOrder.iterator().next());
        }
    }

    /** Lets go the records whose time is up. */
    public void advance(long nowMillis) {
        while (!inOrder.isEmpty()) {
            Waiting oldest = inOrder.iterator().next();
            if (oldest.deadline > nowMillis || oldest.deadline == Long.MAX_VALUE) {
                return;
            }
            release(oldest);
        }
    }

    /** Lets go all records that wait. */
    public void flush() {
        while (!inOrder.isEmpty()) {
            release(inOrder.iterator().next());
        }
    }

    /** Records that wait. */
    public int waiting() {
        return inOrder.size();
    }

    private void release(Waiting waiting) {
        forget(waiting);
        sink.accept(waiting.flow);
    }

    private void forget(Waiting waiting) {
        inOrder.remove(waiting);
        Deque<Waiting> same = byConversation.get(waiting.conversation);
        same.remove(waiting);
        if (same.isEmpty()) {
            byConversation.remove(waiting.conversation);
        }
    }

    private Waiting take(Conversation conversation, FlowRecord flow) {
        Deque<Waiting> candidates = byConversation.get(conversation);
        if (candidates == null) {
            return null;
        }
        for (Waiting candidate : candidates) {
            if (overlap(candidate.flow, flow)) {
                forget(candidate);
                return candidate;
            }
        }
        return null;
    }

    private static boolean overlap(FlowRecord one, FlowRecord other) {
        return !one.getStartTime().isAfter(other.getEndTime().plusMillis(TOLERANCE_MILLIS))
                && !other.getStartTime().isAfter(one.getEndTime().plusMillis(TOLERANCE_MILLIS));
    }

    /** Joins two directions; the first becomes the source's unless flags, times or ports say otherwise. */
    private static FlowRecord join(FlowRecord first, FlowRecord second) {
        FlowRecord flow = FlowRecord.newBuilder(first).build();
        flow.setFlowId(FlowIdentity.ofPair(first.getFlowId(), second.getFlowId()));
        flow.setBytesIn(second.getBytesOut());
        flow.setPacketsIn(second.getPacketsOut());
        flow.setTcpFlagsIn(second.getTcpFlagsOut());
        if (first.getTcpFlags() != null && second.getTcpFlags() != null) {
            flow.setTcpFlags(first.getTcpFlags() | second.getTcpFlags());
        }
        int order = first.getStartTime().compareTo(second.getStartTime());
        boolean reversed = FlowOrientation.isReversed(flow, order);
        FlowRecord opening = reversed ? second : first;
        flow.setIcmpType(opening.getIcmpType());
        flow.setIcmpCode(opening.getIcmpCode());
        flow.setTypeOfService(opening.getTypeOfService());
        Map<String, String> attributes = new LinkedHashMap<>(opening.getAttributes());
        flow.setAttributes(attributes);
        FlowRecord answering = reversed ? first : second;
        flow.setSamplingRate(opening.getSamplingRate());
        if (!Objects.equals(opening.getSamplingRate(), answering.getSamplingRate())) {
            Double rate = answering.getSamplingRate();
            attributes.put(REVERSE_SAMPLING, SamplingPolicy.text(rate == null ? 1 : rate));
        }
        if (flow.getService() == null) {
            flow.setService(second.getService());
        }
        span(flow, first, second);
        return reversed ? FlowOrientation.reversed(flow) : flow;
    }

    private static void span(FlowRecord flow, FlowRecord first, FlowRecord second) {
        Instant start =
                first.getStartTime().isAfter(second.getStartTime()) ? second.getStartTime() : first.getStartTime();
        Instant end = first.getEndTime().isBefore(second.getEndTime()) ? second.getEndTime() : first.getEndTime();
        flow.setStartTime(start);
        flow.setEndTime(end);
        boolean firstSpans =
                first.getStartTime().equals(start) && first.getEndTime().equals(end);
        boolean secondSpans =
                second.getStartTime().equals(start) && second.getEndTime().equals(end);
        flow.setDurationSeconds(
                firstSpans
                        ? first.getDurationSeconds()
                        : secondSpans
                                ? second.getDurationSeconds()
                                : (Double) ((end.toEpochMilli() - start.toEpochMilli()) / 1e3));
    }
}
