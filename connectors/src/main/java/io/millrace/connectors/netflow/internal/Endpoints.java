package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.flow.FlowFields;
import io.millrace.connectors.packet.PacketHeaders;
import io.millrace.schemas.FlowRecord;

/** The two hosts of one flow, their ports, and what the headers of its packets say. */
final class Endpoints {
    static final String NO_ADDRESS = "0.0.0.0";

    private static final long NONE = -1;

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

    void reset() {
        source4 = destination4 = source6 = destination6 = null;
        sourcePort = destinationPort = protocol = ipVersion = icmp = icmpType = icmpCode = typeOfService = NONE;
    }

    /** Takes the field if it is one of these; says whether it did. */
    boolean accept(int element, ByteBuffer bytes, int offset, int length) {
        return switch (element) {
            case 4, 5, 7, 11, 32, 60, 139, 176, 177, 178, 179, 180, 181, 182, 183 ->
                length <= 8 && number(element, FieldText.unsigned(bytes, offset, length));
            case 8, 27 -> address(true, bytes, offset, length);
            case 12, 28 -> address(false, bytes, offset, length);
            default -> false;
        };
    }

    private boolean number(int element, long value) {
        switch (element) {
            case 4 -> protocol = value & 0xff;
            case 5 -> typeOfService = value & 0xff;
            case 7, 180, 182 -> sourcePort = sourcePort > 0 ? sourcePort : value & 0xffff;
            case 11, 181, 183 -> destinationPort = destinationPort > 0 ? destinationPort : value & 0xffff;
            case 32, 139 -> icmp = icmp > 0 ? icmp : value & 0xffff;
            case 60 -> ipVersion = value;
            case 176, 178 -> icmpType = value & 0xff;
            default -> icmpCode = value & 0xff;
        }
        return true;
    }

    private boolean address(boolean source, ByteBuffer bytes, int offset, int length) {
        if (length == 4) {
            String text = AddressText.ipv4(bytes, offset);
            source4 = source ? text : source4;
            destination4 = source ? destination4 : text;
        } else if (length == 16) {
            String text = AddressText.ipv6(bytes, offset);
            source6 = source ? text : source6;
            destination6 = source ? destination6 : text;
        }
        return length == 4 || length == 16;
    }

    boolean hasAddresses() {
        return (source4 != null || source6 != null) && (destination4 != null || destination6 != null);
    }

    /** Takes from a packet of the flow what no field has told. */
    void adopt(PacketHeaders packet) {
        source4 = packet.sourceAddress();
        destination4 = packet.destinationAddress();
        protocol = packet.protocol();
        sourcePort = or(sourcePort, packet.sourcePort());
        destinationPort = or(destinationPort, packet.destinationPort());
        icmpType = or(icmpType, packet.icmpType());
        icmpCode = or(icmpCode, packet.icmpCode());
        typeOfService = or(typeOfService, packet.typeOfService());
    }

    private static long or(long known, Integer other) {
        return known != NONE || other == null ? known : other;
    }

    /** Whether the flow may have TCP flags. */
    boolean mayHaveFlags() {
        return protocol == 6 || protocol == NONE;
    }

    void applyTo(FlowRecord flow) {
        addresses(flow);
        flow.setProtocol(protocol == NONE ? 0 : (int) protocol);
        if (protocol == NONE || FlowFields.hasPorts((int) protocol)) {
            flow.setSourcePort(orNull(sourcePort));
            flow.setDestinationPort(orNull(destinationPort));
        } else if (protocol == 1 || protocol == 58) {
            long both = icmp > 0 || destinationPort == NONE ? icmp : destinationPort;
            flow.setIcmpType(orNull(icmpType != NONE ? icmpType : both == NONE ? NONE : both >> 8));
            flow.setIcmpCode(orNull(icmpCode != NONE ? icmpCode : both == NONE ? NONE : both & 0xff));
        }
        flow.setTypeOfService(orNull(typeOfService));
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

    private static Integer orNull(long value) {
        return value == NONE ? null : (Integer) (int) value;
    }
}
