package io.millrace.connectors.packet;

import java.nio.ByteBuffer;

import io.millrace.connectors.flow.AddressText;
import io.millrace.connectors.flow.FlowFields;

/**
 * What the IP header of a packet (RFC 791, RFC 8200) and the transport header behind it say, as far as the bytes go: a
 * packet may be cut anywhere behind its addresses. Buffers are read most significant byte first, up to their limit.
 *
 * @param version 4 or 6
 * @param sourceAddress sender, in the form of {@link AddressText}
 * @param destinationAddress receiver, likewise
 * @param protocol IANA number of the transport protocol, behind IPv6 extension headers
 * @param typeOfService type of service or traffic class
 * @param length bytes of the packet from its IP header on, as the header says; for a header that says 0 (jumbograms,
 *     packets cut into segments by the network card) those in the buffer
 * @param identification number that the fragments of a packet share; 0 for an IPv6 packet that is no fragment
 * @param fragmentOffset bytes of payload before this fragment's; 0 for a packet in one piece
 * @param moreFragments whether a fragment follows
 * @param transportAt index in the buffer of the transport header or of the fragment's payload
 * @param sourcePort port, or null where the protocol has none, the bytes end or this is a later fragment
 * @param destinationPort likewise
 * @param tcpFlags flags of the TCP header (RFC 9293), or null
 * @param icmpType type of an ICMP or ICMPv6 message, or null
 * @param icmpCode code of it, or null
 */
public record PacketHeaders(
        int version,
        String sourceAddress,
        String destinationAddress,
        int protocol,
        int typeOfService,
        int length,
        int identification,
        int fragmentOffset,
        boolean moreFragments,
        int transportAt,
        Integer sourcePort,
        Integer destinationPort,
        Integer tcpFlags,
        Integer icmpType,
        Integer icmpCode) {
    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final int ICMP6 = 58;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    /** IPv6 extension headers followed; a real packet has a few. */
    private static final int MAX_EXTENSIONS = 16;

    /** The packet in an Ethernet frame that begins at the index, or null if it carries no IP packet. */
    public static PacketHeaders inEthernet(ByteBuffer bytes, int at) {
        return inIp(bytes, LinkHeaders.behindEthernet(bytes, at));
    }

    /** The packet whose IP header is at the index; null if none is there, as for {@link LinkHeaders#NONE}. */
    public static PacketHeaders inIp(ByteBuffer bytes, int at) {
        if (LinkHeaders.ip(bytes, at) == LinkHeaders.NONE) {
            return null;
        }
        return bytes.get(at) >> 4 == 4 ? inIpv4(bytes, at) : inIpv6(bytes, at);
    }

    /** Whether this is a piece of a longer packet. */
    public boolean fragment() {
        return moreFragments || fragmentOffset > 0;
    }

    private static PacketHeaders inIpv4(ByteBuffer bytes, int at) {
        int held = bytes.limit() - at;
        int header = (bytes.get(at) & 0xf) * 4;
        if (held < IPV4_HEADER || header < IPV4_HEADER) {
            return null;
        }
        int said = bytes.getShort(at + 2) & 0xffff;
        int fragment = bytes.getShort(at + 6) & 0xffff;
        Transport transport = Transport.read(bytes, at + header, bytes.get(at + 9) & 0xff, (fragment & 0x1fff) == 0);
        return transport.packet(
                4,
                AddressText.ipv4(bytes, at + 12),
                AddressText.ipv4(bytes, at + 16),
                bytes.get(at + 1) & 0xff,
                said == 0 ? held : said,
                bytes.getShort(at + 4) & 0xffff,
                (fragment & 0x1fff) * 8,
                (fragment & 0x2000) != 0);
    }

    private static PacketHeaders inIpv6(ByteBuffer bytes, int at) {
        int held = bytes.limit() - at;
        if (held < IPV6_HEADER) {
            return null;
        }
        int said = bytes.getShort(at + 4) & 0xffff;
        int next = bytes.get(at + 6) & 0xff;
        int header = at + IPV6_HEADER;
        int identification = 0;
        int fragment = 0;
        for (int i = 0; i < MAX_EXTENSIONS && isExtension(next) && bytes.limit() - header >= 8; i++) {
            int length = ((bytes.get(header + 1) & 0xff) + 1) * 8;
            if (next == 44) {
                fragment = bytes.getShort(header + 2) & 0xffff;
                identification = bytes.getInt(header + 4);
                length = 8;
            } else if (next == 51) {
                length = ((bytes.get(header + 1) & 0xff) + 2) * 4;
            }
            next = bytes.get(header) & 0xff;
            header += length;
            if ((fragment & 0xfff9) != 0) {
                break; // what follows is the payload of a fragment, to be put together first
            }
        }
        return Transport.read(bytes, header, next, fragment >> 3 == 0)
                .packet(
                        6,
                        AddressText.ipv6(bytes, at + 8),
                        AddressText.ipv6(bytes, at + 24),
                        bytes.getShort(at) >> 4 & 0xff,
                        said == 0 ? held : said + IPV6_HEADER,
                        identification,
                        fragment & 0xfff8,
                        (fragment & 1) != 0);
    }

    /** Hop-by-hop options, routing, fragment, authentication, destination options, mobility. */
    private static boolean isExtension(int next) {
        return next == 0 || next == 43 || next == 44 || next == 51 || next == 60 || next == 135;
    }

    /** What stands behind the IP header. */
    private record Transport(
            int at, int protocol, Integer source, Integer destination, Integer flags, Integer type, Integer code) {

        static Transport read(ByteBuffer bytes, int at, int protocol, boolean first) {
            int held = first ? bytes.limit() - at : 0;
            boolean ports = FlowFields.hasPorts(protocol) && held >= 4;
            boolean icmp = (protocol == ICMP || protocol == ICMP6) && held >= 2;
            return new Transport(
                    at,
                    protocol,
                    ports ? bytes.getShort(at) & 0xffff : null,
                    ports ? bytes.getShort(at + 2) & 0xffff : null,
                    protocol == TCP && held >= 14 ? bytes.get(at + 13) & 0xff : null,
                    icmp ? bytes.get(at) & 0xff : null,
                    icmp ? bytes.get(at + 1) & 0xff : null);
        }

        PacketHeaders packet(
                int version,
                String from,
                String to,
                int service,
                int length,
                int identification,
                int offset,
                boolean more) {
            return new PacketHeaders(
                    version,
                    from,
                    to,
                    protocol,
                    service,
                    length,
                    identification,
                    offset,
                    more,
                    at,
                    source,
                    destination,
                    flags,
                    type,
                    code);
        }
    }
}
