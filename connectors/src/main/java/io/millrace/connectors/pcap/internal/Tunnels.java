package io.millrace.connectors.pcap.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.packet.LinkHeaders;
import io.millrace.connectors.packet.PacketHeaders;

/**
 * Finds the IP header inside a packet that carries another: IP in IP (RFC 2003, 4213, 2473) and GRE (RFC 2784, 2890), with
 * Ethernet bridged through it, ERSPAN of all types, or PPP (RFC 2637).
 */
final class Tunnels {
    private static final int IPV4 = 4;
    private static final int IPV6 = 41;
    private static final int GRE = 47;

    private Tunnels() {}

    /** Whether a protocol of IP carries other packets. */
    static boolean carries(int protocol) {
        return protocol == IPV4 || protocol == IPV6 || protocol == GRE;
    }

    /** Index of the inner IP header, or {@link LinkHeaders#NONE}. */
    static int inside(PacketHeaders packet, ByteBuffer bytes) {
        int at = packet.transportAt();
        return packet.protocol() == GRE ? gre(bytes, at) : LinkHeaders.ip(bytes, at);
    }

    private static int gre(ByteBuffer bytes, int at) {
        if (bytes.limit() - at < 4) {
            return LinkHeaders.NONE;
        }
        int flags = bytes.getShort(at) & 0xffff;
        int type = bytes.getShort(at + 2) & 0xffff;
        boolean sequence = (flags & 0x1000) != 0;
        int behind = at + 4 + ((flags & 0x2000) != 0 ? 4 : 0) + (sequence ? 4 : 0);
        if ((flags & 7) == 1) {
            return LinkHeaders.behindPpp(bytes, behind + ((flags & 0x80) != 0 ? 4 : 0));
        }
        if ((flags & 0x4007) != 0) {
            return LinkHeaders.NONE; // source routes, which RFC 2784 did away with, and other versions
        }
        behind += (flags & 0x8000) != 0 ? 4 : 0;
        return switch (type) {
            case 0x6558 -> LinkHeaders.behindEthernet(bytes, behind);
            case 0x88be -> LinkHeaders.behindEthernet(bytes, behind + (sequence ? 8 : 0));
            case 0x22eb -> erspan3(bytes, behind);
            default -> LinkHeaders.behindType(type, bytes, behind);
        };
    }

    private static int erspan3(ByteBuffer bytes, int at) {
        if (bytes.limit() - at < 12) {
            return LinkHeaders.NONE;
        }
        boolean more = (bytes.get(at + 11) & 1) != 0;
        return LinkHeaders.behindEthernet(bytes, at + 12 + (more ? 8 : 0));
    }
}
