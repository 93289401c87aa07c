package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.BitSet;
import java.util.Locale;

import io.millrace.connectors.flow.FlowIdentity;
import io.millrace.connectors.flow.FlowOrientation;
import io.millrace.connectors.netflow.SamplingPolicy;
import io.millrace.connectors.packet.PacketHeaders;
import io.millrace.schemas.FlowRecord;

/**
 * Makes a flow of the fields of one record. Fields that the flow record has a place for go there; every other field goes
 * into its attributes under its registered name, and so does a second one of the same element: the first is that of the
 * outer header (RFC 7011, 8). One instance serves one record after another.
 */
final class FlowRecordBuilder {
    private static final int NONE = -1;

    private final FlowTimes times = new FlowTimes();
    private final FlowTimes reverseTimes = new FlowTimes();
    private final DirectionCounters out = new DirectionCounters();
    private final DirectionCounters in = new DirectionCounters();
    private final Endpoints endpoints = new Endpoints();
    private final RateFields rate = new RateFields();
    private final ScopeValues scope = new ScopeValues();
    private final FrameSection frame = new FrameSection();
    private final FlowAttributes attributes = new FlowAttributes();
    private final BitSet placed = new BitSet();
    private final BitSet reversePlaced = new BitSet();
    private ExportHeader header;
    private Template template;
    private long biflowDirection;
    private int firewallEvent;
    private boolean totals;
    private boolean reverseSeen;
    private String applicationId;
    private String service;

    void begin(ExportHeader header, Template template) {
        this.header = header;
        this.template = template;
        times.reset();
        reverseTimes.reset();
        out.reset();
        in.reset();
        endpoints.reset();
        rate.reset();
        scope.reset();
        frame.reset();
        attributes.reset();
        placed.clear();
        reversePlaced.clear();
        applicationId = service = null;
        biflowDirection = firewallEvent = NONE;
        reverseSeen = totals = false;
    }

    void field(int enterprise, int element, ByteBuffer bytes, int offset, int length) {
        boolean reverse = enterprise == Template.REVERSE;
        boolean again = reverse ? reversePlaced.get(element) : enterprise == 0 && placed.get(element);
        boolean taken = false;
        if (!again && enterprise == 0) {
            taken = place(element, bytes, offset, length);
            placed.set(element, taken && tells(bytes, offset, length));
        } else if (!again && reverse) {
            reverseSeen = true;
            taken = in.accept(element, false, bytes, offset, length)
                    || reverseTimes.accept(element, bytes, offset, length, header);
            reversePlaced.set(element, taken && tells(bytes, offset, length));
        }
        if (!taken) {
            attributes.add(enterprise, element, bytes, offset, length, again);
        }
    }

    /** Whether a field has a value: some exporters fill those that they do not know with zeros. */
    private static boolean tells(ByteBuffer bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes.get(offset + i) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean place(int element, ByteBuffer bytes, int offset, int length) {
        if (endpoints.accept(element, bytes, offset, length)) {
            return true;
        }
        scope.note(element, bytes, offset, length);
        frame.note(element, bytes, offset, length);
        rate.accept(element, bytes, offset, length);
        switch (element) {
            case 95 -> applicationId = FieldText.text(InformationElement.of(95), bytes, offset, length);
            case 96 -> service = FieldText.text(InformationElement.of(96), bytes, offset, length);
            case 210 -> {
                return true;
            }
            case 231, 298 -> {
                totals = true;
                return out.accept(element == 231 ? 1 : 2, false, bytes, offset, length);
            }
            case 232, 299 -> {
                totals = true;
                return in.accept(element == 232 ? 1 : 2, false, bytes, offset, length);
            }
            case 233, 40005 -> firewallEvent = length == 1 ? bytes.get(offset) & 0xff : NONE;
            case 239 -> {
                biflowDirection = length <= 8 ? FieldText.unsigned(bytes, offset, length) : NONE;
                return true;
            }
            case 23, 24 -> {
                if (template.bidirectionalCounters()) {
                    return in.accept(element == 23 ? 1 : 2, false, bytes, offset, length);
                }
                out.accept(element, true, bytes, offset, length);
            }
            default -> {
                return out.accept(element, false, bytes, offset, length)
                        || times.accept(element, bytes, offset, length, header);
            }
        }
        return false;
    }

    /** Whether a field tells the hosts, or a piece of a packet that the record carries. */
    boolean hasAddresses() {
        if (!endpoints.hasAddresses()) {
            PacketHeaders packet = frame.packet();
            if (packet != null) {
                endpoints.adopt(packet);
                out.adopt(packet);
            }
        }
        return endpoints.hasAddresses();
    }

    /** What a firewall reports of the flow ({@code firewallEvent}), or -1 if it is no such report. */
    int firewallEvent() {
        return firewallEvent;
    }

    /** Whether the counters are those of the whole connection (initiator and responder), not of the time since. */
    boolean countsTotals() {
        return totals;
    }

    /** The flow, which takes the fields with it. */
    FlowRecord finish(Domain domain, Domains domains, long position) {
        FlowRecord flow = new FlowRecord();
        flow.setSensor(header.sensor());
        flow.setSourceFormat(header.format());
        flow.setObservedTime(header.observed());
        endpoints.applyTo(flow);
        flow.setBytesOut(out.bytes());
        flow.setPacketsOut(out.packets());
        flow.setBytesIn(in.bytes());
        flow.setPacketsIn(in.packets());
        if (endpoints.mayHaveFlags()) {
            flow.setTcpFlagsOut(out.flags());
            flow.setTcpFlagsIn(in.flags());
            flow.setTcpFlags(out.flagsWith(in));
        }
        int order = settleTimes(flow, domain);
        describe(flow, domain);
        flow.setAttributes(attributes.values());
        sampling(flow, domain, domains);
        flow.setFlowId(FlowIdentity.of(flow, position));
        return reverseSeen && isReversed(flow, order) ? FlowOrientation.reversed(flow) : flow;
    }

    /**
     * Sets the times, which span both directions where each has its own (RFC 5103, 4).
     *
     * @return which direction began first, as {@link FlowOrientation#isReversed} takes it
     */
    private int settleTimes(FlowRecord flow, Domain domain) {
        times.settle(header, domain.systemInitMillis());
        long start = times.start();
        long end = times.end();
        int order = 0;
        if (reverseTimes.told() && !in.empty()) {
            reverseTimes.settle(header, times.initMillis(domain.systemInitMillis()));
            boolean alone = !times.told();
            start = alone ? reverseTimes.start() : Math.min(start, reverseTimes.start());
            end = alone ? reverseTimes.end() : Math.max(end, reverseTimes.end());
            order = times.startTold() && reverseTimes.startTold()
                    ? Long.compare(times.start(), reverseTimes.start())
                    : 0;
        }
        flow.setStartTime(instant(start));
        flow.setEndTime(instant(end));
        flow.setDurationSeconds((end - start) / 1e9);
        return order;
    }

    private void describe(FlowRecord flow, Domain domain) {
        if (biflowDirection != NONE) {
            attributes.put("biflowDirection", Long.toString(biflowDirection));
        }
        if (service == null && applicationId != null) {
            service = domain.application(applicationId);
            if (service != null) {
                attributes.put("applicationName", service);
            }
        }
        if (service != null && !service.isBlank()) {
            flow.setService(service.toLowerCase(Locale.ROOT));
        }
    }

    /** The rate of the record itself, or what options say of its scope, here or for the whole exporter (domain 0). */
    private void sampling(FlowRecord flow, Domain domain, Domains domains) {
        double told = rate.rate();
        if (told <= RateFields.UNSAMPLED) {
            double announced = announced(domain, domain);
            if (announced == RateFields.UNKNOWN && domain.number() != 0) {
                announced = announced(domains.sibling(domain, 0), domain);
            }
            told = announced == RateFields.UNKNOWN ? told : announced;
        }
        if (told > RateFields.UNSAMPLED) {
            SamplingPolicy.note(flow, told);
        }
    }

    /** What a domain, which may be null, announces for a flow of another or the same. */
    private double announced(Domain speaker, Domain domain) {
        if (speaker == null || speaker.sampling().isEmpty()) {
            return RateFields.UNKNOWN;
        }
        scope.complete(template.id(), domain.key().version() == 9, domain.number());
        return speaker.sampling().rate(scope);
    }

    /** Whether the answering host is the source, as far as that can be told. */
    private boolean isReversed(FlowRecord flow, int order) {
        return biflowDirection == 2 || biflowDirection != 1 && FlowOrientation.isReversed(flow, order);
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochMilli(Math.floorDiv(nanos, 1_000_000L));
    }
}
