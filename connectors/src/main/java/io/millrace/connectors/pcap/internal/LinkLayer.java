package io.millrace.connectors.pcap.internal;

import java.nio.ByteBuffer;

import io.millrace.connectors.packet.LinkHeaders;

/** Finds the IP header behind the link-layer header of a packet, by the link types that the tcpdump project numbers. */
public final class LinkLayer {
    /** The link type is none of those read here. */
    public static final int UNKNOWN = -2;

    private static final int NONE = LinkHeaders.NONE;

    private LinkLayer() {}

    /** Index of the IP header in the packet; {@link LinkHeaders#NONE} if it carries no IP, or {@link #UNKNOWN}. */
    public static int networkOffset(int linkType, ByteBuffer packet) {
        return switch (linkType) {
            case 0, 108 -> LinkHeaders.ip(packet, 4); // BSD loopback: a number of four bytes, of either order
            case 1 -> LinkHeaders.behindEthernet(packet, 0);
            case 9, 166 -> LinkHeaders.behindPpp(packet, 0);
            case 50 -> serial(packet);
            case 51 -> LinkHeaders.behindType(0x8864, packet, 0);
            case 12, 14, 101, 228, 229 -> LinkHeaders.ip(packet, 0);
            case 104 -> typeAt(packet, 2); // Cisco's HDLC
            case 105 -> wireless(packet, 0);
            case 109 -> LinkHeaders.ip(packet, 12); // OpenBSD's enc
            case 113 -> typeAt(packet, 14);
            case 127 -> packet.limit() < 4 ? NONE : wireless(packet, littleShort(packet, 2)); // radiotap
            case 204 -> LinkHeaders.behindPpp(packet, 1);
            case 205 -> typeAt(packet, 3);
            case 219 -> LinkHeaders.behindLabels(packet, 0);
            case 239 -> netfilterLog(packet);
            case 276 -> packet.limit() < 20 ? NONE : LinkHeaders.behindType(u16(packet, 0), packet, 20);
            default -> UNKNOWN;
        };
    }

    /** PPP in HDLC framing, or Cisco's HDLC, told apart by the first byte (RFC 1547, 4.3.1). */
    private static int serial(ByteBuffer packet) {
        int address = packet.limit() > 0 ? packet.get(0) & 0xff : 0;
        return address == 0x0f || address == 0x8f ? typeAt(packet, 2) : LinkHeaders.behindPpp(packet, 0);
    }

    private static int typeAt(ByteBuffer packet, int at) {
        return packet.limit() < at + 2 ? NONE : LinkHeaders.behindType(u16(packet, at), packet, at + 2);
    }

    /** A data frame of IEEE 802.11 (clause 9.3.2) that is not encrypted, with LLC and SNAP inside. */
    private static int wireless(ByteBuffer packet, int at) {
        if (packet.limit() < at + 2) {
            return NONE;
        }
        int control = packet.get(at) & 0xff;
        int flags = packet.get(at + 1) & 0xff;
        boolean data = (control & 0x0c) == 0x08 && (control & 0x40) == 0;
        if (!data || (flags & 0x40) != 0) {
            return NONE;
        }
        boolean quality = (control & 0x80) != 0;
        int header = ((flags & 3) == 3 ? 30 : 24) + (quality ? 2 : 0) + (quality && (flags & 0x80) != 0 ? 4 : 0);
        return LinkHeaders.behindType(0, packet, at + header);
    }

    /** Linux's netfilter log: a header of four bytes, then lengths, types and values; the packet is of type 9. */
    private static int netfilterLog(ByteBuffer packet) {
        int at = 4;
        while (packet.limit() - at >= 4) {
            int length = littleShort(packet, at);
            if (littleShort(packet, at + 2) == 9) {
                return LinkHeaders.ip(packet, at + 4);
            }
            if (length < 4) {
                return NONE;
            }
            at += (length + 3) / 4 * 4;
        }
        return NONE;
    }

    private static int u16(ByteBuffer packet, int at) {
        return packet.getShort(at) & 0xffff;
    }

    private static int littleShort(ByteBuffer packet, int at) {
        return packet.get(at) & 0xff | (packet.get(at + 1) & 0xff) << 8;
    }
}
