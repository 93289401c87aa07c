package io.millrace.connectors.pcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.pcap.internal.LinkLayer;

/**
 * A UDP datagram found in a captured packet.
 *
 * @param sourceAddress sender's address as text
 * @param sourcePort sender's port
 * @param destinationPort receiver's port
 * @param payload captured payload, from position 0 to the limit
 * @param complete whether the capture holds the whole payload and it is no fragment
 * @param fragment whether it is the first fragment of a longer datagram
 */
public record UdpDatagram(
        String sourceAddress,
        int sourcePort,
        int destinationPort,
        ByteBuffer payload,
        boolean complete,
        boolean fragment) {
    private static final int UDP = 17;
    private static final int MAX_EXTENSIONS = 16;

    /**
     * The datagram in a packet: Ethernet (VLAN tags, stacked too), Linux cooked (both versions), BSD loopback or raw IP
     * around IPv4 or IPv6 (extension headers skipped) around UDP.
     *
     * @return null if the packet is anything else, a later fragment, or too short
     */
    public static UdpDatagram in(CapturedPacket packet) {
        ByteBuffer bytes = packet.bytes().slice().order(ByteOrder.BIG_ENDIAN);
        int at = LinkLayer.networkOffset(packet.linkType(), bytes);
        if (at < 0 || at >= bytes.limit()) {
            return null;
        }
        int version = bytes.get(at) >> 4 & 0xf;
        return version == 4 ? inIpv4(bytes, at) : version == 6 ? inIpv6(bytes, at) : null;
    }

    private static UdpDatagram inIpv4(ByteBuffer bytes, int at) {
        if (bytes.limit() - at < 20) {
            return null;
        }
        int header = (bytes.get(at) & 0xf) * 4;
        int fragment = bytes.getShort(at + 6) & 0x3fff;
        if (header < 20 || bytes.get(at + 9) != UDP || (fragment & 0x1fff) != 0) {
            return null;
        }
        return udp(bytes, at + header, AddressText.ipv4(bytes, at + 12), fragment != 0);
    }

    private static UdpDatagram inIpv6(ByteBuffer bytes, int at) {
        if (bytes.limit() - at < 40) {
            return null;
        }
        int next = bytes.get(at + 6) & 0xff;
        int header = at + 40;
        boolean fragment = false;
        for (int i = 0; i < MAX_EXTENSIONS && next != UDP; i++) {
            if (bytes.limit() - header < 8 || next != 0 && next != 43 && next != 44 && next != 60) {
                return null;
            }
            if (next == 44) {
                int offset = bytes.getShort(header + 2) & 0xffff;
                if (offset >> 3 != 0) {
                    return null;
                }
                fragment |= (offset & 1) != 0;
            }
            int length = next == 44 ? 8 : ((bytes.get(header + 1) & 0xff) + 1) * 8;
            next = bytes.get(header) & 0xff;
            header += length;
        }
        return next == UDP ? udp(bytes, header, AddressText.ipv6(bytes, at + 8), fragment) : null;
    }

    private static UdpDatagram udp(ByteBuffer bytes, int at, String source, boolean fragment) {
        if (bytes.limit() - at < 8) {
            return null;
        }
        int length = (bytes.getShort(at + 4) & 0xffff) - 8;
        int captured = bytes.limit() - at - 8;
        if (length < 0) {
            return null;
        }
        return new UdpDatagram(
                source,
                bytes.getShort(at) & 0xffff,
                bytes.getShort(at + 2) & 0xffff,
                bytes.slice(at + 8, Math.min(length, captured)),
                !fragment && captured >= length,
                fragment);
    }
}
