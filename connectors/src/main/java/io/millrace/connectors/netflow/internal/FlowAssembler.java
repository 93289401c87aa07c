package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.flow.FlowIdentity;
import io.millrace.connectors.flow.FlowOrientation;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;

/**
 * Makes a flow of the fields of one record. Fields that the flow record has a place for go there; every other field goes
 * into its attributes under its registered name. One instance serves one record after another.
 */
final class FlowAssembler {
    static final String NO_ADDRESS = "0.0.0.0";

    private static final long NONE = -1;

    private final FlowTimes times = new FlowTimes();
    private final FlowTimes reverseTimes = new FlowTimes();
    private final DirectionCounters out = new DirectionCounters();
    private final DirectionCounters in = new DirectionCounters();
    private Map<String, String> attributes = new LinkedHashMap<>();
    private ExportHeader header;
    private boolean bidirectional;
    private String source4;
    private String destination4;
    private String source6;
    private String destination6;
    private long sourcePort;
    private long destinationPort;
    private long protocol;
    private long ipVersion;
    private long icmp;
    private long icmpType;
    private long icmpCode;
    private long typeOfService;
    private long biflowDirection;
    private boolean reverseSeen;
    private boolean reverseTimed;
    private String applicationId;
    private String service;

    void begin(ExportHeader header, boolean bidirectional) {
        this.header = header;
        this.bidirectional = bidirectional;
        times.reset();
        reverseTimes.reset();
        out.reset();
        in.reset();
        attributes = new LinkedHashMap<>();
        source4 = destination4 = source6 = destination6 = applicationId = service = null;
        sourcePort = destinationPort = protocol = ipVersion = icmp = icmpType = icmpCode = NONE;
        typeOfService = biflowDirection = NONE;
        reverseSeen = reverseTimed = false;
    }

    void field(int enterprise, int element, ByteBuffer bytes, int offset, int length) {
        boolean taken = false;
        if (enterprise == 0) {
            taken = place(element, bytes, offset, length);
        } else if (enterprise == Template.REVERSE) {
            reverseSeen = true;
            taken = in.accept(element, false, bytes, offset, length);
            if (!taken) {
                boolean time = reverseTimes.accept(element, bytes, offset, length, header);
                reverseTimed |= time;
                taken = time;
            }
        }
        if (!taken) {
            attribute(enterprise, element, bytes, offset, length);
        }
    }

    private boolean place(int element, ByteBuffer bytes, int offset, int length) {
        boolean address = length == 4 || length == 16;
        switch (element) {
            case 4, 5, 7, 11, 32, 60, 139, 176, 177, 178, 179, 180, 181, 182, 183, 239 -> {
                return length <= 8 && placeNumber(element, FieldText.unsigned(bytes, offset, length));
            }
            case 8, 12, 27, 28 -> {
                if (!address) {
                    return false;
                }
                String text = length == 4 ? AddressText.ipv4(bytes, offset) : AddressText.ipv6(bytes, offset);
                if (length == 4) {
                    source4 = element == 8 || element == 27 ? text : source4;
                    destination4 = element == 12 || element == 28 ? text : destination4;
                } else {
                    source6 = element == 8 || element == 27 ? text : source6;
                    destination6 = element == 12 || element == 28 ? text : destination6;
                }
                return true;
            }
            case 95 -> {
                applicationId = FieldText.text(InformationElement.of(95), bytes, offset, length);
                return false;
            }
            case 96 -> {
                service = FieldText.text(InformationElement.of(96), bytes, offset, length);
                return false;
            }
            case 210 -> {
                return true;
            }
            case 231, 298 -> {
                return out.accept(element == 231 ? 1 : 2, false, bytes, offset, length);
            }
            case 232, 299 -> {
                return in.accept(element == 232 ? 1 : 2, false, bytes, offset, length);
            }
            case 23, 24 -> {
                if (bidirectional) {
                    return in.accept(element == 23 ? 1 : 2, false, bytes, offset, length);
                }
                out.accept(element, true, bytes, offset, length);
                return false;
            }
            default -> {
                return out.accept(element, false, bytes, offset, length)
                        || times.accept(element, bytes, offset, length, header);
            }
        }
    }

    private boolean placeNumber(int element, long value) {
        switch (element) {
            case 4 -> protocol = value & 0xff;
            case 5 -> typeOfService = value & 0xff;
            case 7, 180, 182 -> sourcePort = sourcePort > 0 ? sourcePort : value & 0xffff;
            case 11, 181, 183 -> destinationPort = destinationPort > 0 ? destinationPort : value & 0xffff;
            case 32, 139 -> icmp = icmp > 0 ? icmp : value & 0xffff;
            case 60 -> ipVersion = value;
            case 176, 178 -> icmpType = value & 0xff;
            case 177, 179 -> icmpCode = value & 0xff;
            default -> biflowDirection = value;
        }
        return true;
    }

    private void attribute(int enterprise, int element, ByteBuffer bytes, int offset, int length) {
        InformationElement known =
                enterprise == 0 || enterprise == Template.REVERSE ? InformationElement.of(element) : null;
        String name = FieldText.name(enterprise, element, known);
        for (int copy = 2; attributes.containsKey(name) && copy < 10; copy++) {
            name = FieldText.name(enterprise, element, known) + "." + copy;
        }
        String text = FieldText.text(known, bytes, offset, length);
        if (!text.isEmpty()) {
            attributes.putIfAbsent(name, text);
        }
    }

    boolean hasAddresses() {
        return (source4 != null || source6 != null) && (destination4 != null || destination6 != null);
    }

    /** The flow, which takes the fields with it. */
    FlowRecord finish(Domain domain, long position) {
        times.settle(header, header.format() != FlowFormat.IPFIX, domain.systemInitMillis());
        FlowRecord flow = new FlowRecord();
        flow.setSensor(header.sensor());
        flow.setSourceFormat(header.format());
        flow.setStartTime(instant(times.start()));
        flow.setEndTime(instant(times.end()));
        flow.setObservedTime(header.observed());
        flow.setDurationSeconds((times.end() - times.start()) / 1e9);
        addresses(flow);
        flow.setProtocol(protocol == NONE ? 0 : (int) protocol);
        ports(flow);
        flow.setBytesOut(out.bytes());
        flow.setPacketsOut(out.packets());
        flow.setBytesIn(in.bytes());
        flow.setPacketsIn(in.packets());
        if (protocol == 6 || protocol == NONE) {
            flow.setTcpFlagsOut(out.flags());
            flow.setTcpFlagsIn(in.flags());
            flow.setTcpFlags(out.flagsWith(in));
        }
        flow.setTypeOfService(typeOfService == NONE ? null : (int) typeOfService);
        describe(flow, domain);
        flow.setAttributes(attributes);
        flow.setFlowId(FlowIdentity.of(flow, position));
        return reverseSeen ? oriented(flow) : flow;
    }

    private void addresses(FlowRecord flow) {
        boolean six = source6 != null && destination6 != null;
        boolean emptyFour = source4 == null
                || destination4 == null
                || source4.equals(NO_ADDRESS) && destination4.equals(NO_ADDRESS);
        boolean useSix = six && (ipVersion == 6 || emptyFour);
        String source = useSix || source4 == null ? source6 : source4;
        String destination = useSix || destination4 == null ? destination6 : destination4;
        flow.setSourceAddress(source == null ? NO_ADDRESS : source);
        flow.setDestinationAddress(destination == null ? NO_ADDRESS : destination);
    }

    private void ports(FlowRecord flow) {
        boolean ported = protocol == NONE || protocol == 6 || protocol == 17;
        ported |= protocol == 33 || protocol == 132 || protocol == 136;
        if (ported) {
            flow.setSourcePort(sourcePort == NONE ? null : (int) sourcePort);
            flow.setDestinationPort(destinationPort == NONE ? null : (int) destinationPort);
        } else if (protocol == 1 || protocol == 58) {
            long both = icmp > 0 || destinationPort == NONE ? icmp : destinationPort;
            long type = icmpType != NONE ? icmpType : both == NONE ? NONE : both >> 8;
            long code = icmpCode != NONE ? icmpCode : both == NONE ? NONE : both & 0xff;
            flow.setIcmpType(type == NONE ? null : (int) type);
            flow.setIcmpCode(code == NONE ? null : (int) code);
        }
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
        if (domain.samplingInterval() > 1) {
            attributes.putIfAbsent("samplingInterval", Long.toString(domain.samplingInterval()));
        }
    }

    /** Turns a flow of two directions so that its source is the host that opened it, as far as that can be told. */
    private FlowRecord oriented(FlowRecord flow) {
        if (biflowDirection == 1) {
            return flow;
        }
        if (biflowDirection == 2) {
            return FlowOrientation.reversed(flow);
        }
        long reverseStart = Long.MIN_VALUE;
        if (reverseTimed) {
            reverseTimes.settle(header, header.format() != FlowFormat.IPFIX, -1);
            reverseStart = reverseTimes.start();
        }
        int order = reverseTimed ? Long.compare(times.start(), reverseStart) : 0;
        return FlowOrientation.isReversed(flow, order) ? FlowOrientation.reversed(flow) : flow;
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochMilli(Math.floorDiv(nanos, 1_000_000L));
    }
}
