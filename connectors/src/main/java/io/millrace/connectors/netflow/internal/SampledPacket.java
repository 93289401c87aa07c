package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.flow.FlowFields;
import io.millrace.connectors.packet.LinkHeaders;
import io.millrace.connectors.packet.PacketHeaders;
import io.millrace.schemas.FlowRecord;

/** One packet that an sFlow agent has sampled: its first bytes, or what the agent read in its headers, or both. */
final class SampledPacket {
    private static final int RAW_HEADER = 1;
    private static final int IPV4 = 3;
    private static final int IPV6 = 4;
    private static final int SWITCH = 1001;

    private final Map<String, String> attributes = new LinkedHashMap<>();
    private PacketHeaders packet;
    private String source;
    private String destination;
    private long length;
    private int protocol;
    private int sourcePort;
    private int destinationPort;
    private int flags;
    private int service;

    /** Takes a record of the sample, whose content fills the buffer. */
    void accept(int format, ByteBuffer record) {
        switch (format) {
            case RAW_HEADER -> raw(record);
            case IPV4 -> read(record, 4);
            case IPV6 -> read(record, 16);
            case SWITCH -> {
                if (record.limit() >= 4 && record.getInt(0) > 0) {
                    attributes.put("vlanId", Integer.toString(record.getInt(0)));
                }
            }
            default -> {}
        }
    }

    private void raw(ByteBuffer record) {
        if (record.limit() < 16) {
            return;
        }
        attributes.put("dataLinkFrameSize", Long.toString(record.getInt(4) & 0xffffffffL));
        int held = Math.min(Math.max(0, record.getInt(12)), record.limit() - 16);
        ByteBuffer header = record.slice(16, held);
        packet = PacketHeaders.inIp(
                header,
                switch (record.getInt(0)) {
                    case 1 -> LinkHeaders.behindEthernet(header, 0);
                    case 7, 14 -> LinkHeaders.behindPpp(header, 0);
                    case 11, 12 -> LinkHeaders.ip(header, 0);
                    case 13 -> LinkHeaders.behindLabels(header, 0);
                    default -> LinkHeaders.NONE;
                });
    }

    private void read(ByteBuffer record, int address) {
        if (record.limit() < 24 + 2 * address) {
            return;
        }
        length = record.getInt(0) & 0xffffffffL;
        protocol = record.getInt(4) & 0xff;
        source = address == 4 ? AddressText.ipv4(record, 8) : AddressText.ipv6(record, 8);
        destination = address == 4 ? AddressText.ipv4(record, 12) : AddressText.ipv6(record, 24);
        int behind = 8 + 2 * address;
        sourcePort = record.getInt(behind) & 0xffff;
        destinationPort = record.getInt(behind + 4) & 0xffff;
        flags = record.getInt(behind + 8) & 0xff;
        service = record.getInt(behind + 12) & 0xff;
    }

    /** Whether the packet's hosts are known. */
    boolean hosts() {
        return packet != null || source != null;
    }

    Map<String, String> attributes() {
        return attributes;
    }

    void applyTo(FlowRecord flow) {
        if (packet != null) {
            flow.setSourceAddress(packet.sourceAddress());
            flow.setDestinationAddress(packet.destinationAddress());
            flow.setProtocol(packet.protocol());
            flow.setSourcePort(packet.sourcePort());
            flow.setDestinationPort(packet.destinationPort());
            flow.setIcmpType(packet.icmpType());
            flow.setIcmpCode(packet.icmpCode());
            flow.setTcpFlags(packet.tcpFlags());
            flow.setTcpFlagsOut(packet.tcpFlags());
            flow.setTypeOfService(packet.typeOfService());
            flow.setBytesOut((long) packet.length());
            return;
        }
        boolean icmp = protocol == 1 || protocol == 58;
        flow.setSourceAddress(source);
        flow.setDestinationAddress(destination);
        flow.setProtocol(protocol);
        flow.setSourcePort(FlowFields.hasPorts(protocol) ? sourcePort : null);
        flow.setDestinationPort(FlowFields.hasPorts(protocol) ? destinationPort : null);
        flow.setIcmpType(icmp ? sourcePort : null);
        flow.setIcmpCode(icmp ? destinationPort : null);
        flow.setTcpFlags(protocol == 6 ? flags : null);
        flow.setTcpFlagsOut(protocol == 6 ? flags : null);
        flow.setTypeOfService(service);
        flow.setBytesOut(length);
    }
}
