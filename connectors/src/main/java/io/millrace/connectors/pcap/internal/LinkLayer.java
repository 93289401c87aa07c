package io.millrace.connectors.pcap.internal;

import java.nio.ByteBuffer;

/** Finds the IP header behind the link-layer header of a packet. */
public final class LinkLayer {
    private static final int LOOPBACK = 0;
    private static final int ETHERNET = 1;
    private static final int RAW_OLD = 12;
    private static final int RAW_OTHER = 14;
    private static final int RAW = 101;
    private static final int LOOPBACK_BIG_ENDIAN = 108;
    private static final int LINUX_COOKED = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_COOKED_2 = 276;

    private LinkLayer() {}

    /** Index of the IP header in the packet, or -1 if it carries no IP or the link layer is not spoken here. */
    public static int networkOffset(int linkType, ByteBuffer packet) {
        switch (linkType) {
            case ETHERNET:
                return behindType(packet, 12);
            case LINUX_COOKED:
                return behindType(packet, 14);
            case LINUX_COOKED_2:
                return packet.limit() < 20 ? -1 : isIp(packet.getShort(0) & 0xffff) ? 20 : -1;
            case LOOPBACK, LOOPBACK_BIG_ENDIAN:
                return 4;
            case RAW, RAW_OLD, RAW_OTHER, IPV4, IPV6:
                return 0;
            default:
                return -1;
        }
    }

    private static int behindType(ByteBuffer packet, int from) {
        int at = from;
        while (packet.limit() - at >= 2) {
            int type = packet.getShort(at) & 0xffff;
            if (type == 0x8100 || type == 0x88a8 || type == 0x9100) {
                at += 4;
            } else {
                return isIp(type) ? at + 2 : -1;
            }
        }
        return -1;
    }

    private static boolean isIp(int type) {
        return type == 0x0800 || type == 0x86dd;
    }
}
