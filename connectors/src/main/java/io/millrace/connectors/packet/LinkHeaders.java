package io.millrace.connectors.packet;

import java.nio.ByteBuffer;

/**
 * Finds the IP header behind what may stand before it: Ethernet (IEEE 802.3, with LLC and SNAP too), VLAN tags (802.1Q,
 * 802.1ad), MPLS label stacks (RFC 3032, with an Ethernet pseudowire inside, RFC 4448), PPPoE (RFC 2516) and PPP
 * (RFC 1661). Every method takes the buffer, most significant byte first and read up to its limit, and an index in it; it
 * returns the index of the IP header, or {@link #NONE} if there is no IP or the bytes end before it.
 */
public final class LinkHeaders {
    /** No IP header is there. */
    public static final int NONE = -1;

    /** Ethernet types of headers that are stepped over. */
    private static final int IPV4 = 0x0800;

    private static final int IPV6 = 0x86dd;
    private static final int VLAN = 0x8100;
    private static final int SERVICE_VLAN = 0x88a8;
    private static final int OLD_VLAN = 0x9100;
    private static final int OLDER_VLAN = 0x9200;
    private static final int MPLS = 0x8847;
    private static final int MPLS_MULTICAST = 0x8848;
    private static final int PPPOE_SESSION = 0x8864;

    /** Values below are the length of an 802.3 frame and no type. */
    private static final int FIRST_TYPE = 0x0600;

    private static final int MAC_ADDRESSES = 12;

    /** Headers within each other that are followed: what nests deeper is made up. */
    private static final int MAX_DEPTH = 16;

    private LinkHeaders() {}

    /** Behind an Ethernet header at the index. */
    public static int behindEthernet(ByteBuffer bytes, int at) {
        return ethernet(bytes, at, 0);
    }

    /** At the index, behind a field that gave the Ethernet type. */
    public static int behindType(int type, ByteBuffer bytes, int at) {
        return type(type, bytes, at, 0);
    }

    /** Behind an MPLS label stack at the index. */
    public static int behindLabels(ByteBuffer bytes, int at) {
        return labels(bytes, at, 0);
    }

    /** Behind a PPP header at the index, whose address and control fields may be left out and its protocol short. */
    public static int behindPpp(ByteBuffer bytes, int at) {
        return ppp(bytes, at, 0);
    }

    /** At the index itself, if an IP header may stand there. */
    public static int ip(ByteBuffer bytes, int at) {
        if (at < 0 || at >= bytes.limit()) {
            return NONE;
        }
        int version = bytes.get(at) >> 4 & 0xf;
        return version == 4 || version == 6 ? at : NONE;
    }

    private static int ethernet(ByteBuffer bytes, int at, int depth) {
        int typeAt = at + MAC_ADDRESSES;
        return has(bytes, typeAt, 2) ? type(u16(bytes, typeAt), bytes, typeAt + 2, depth) : NONE;
    }

    private static int type(int type, ByteBuffer bytes, int at, int depth) {
        if (depth > MAX_DEPTH) {
            return NONE;
        }
        return switch (type) {
            case IPV4, IPV6 -> ip(bytes, at);
            case VLAN, SERVICE_VLAN, OLD_VLAN, OLDER_VLAN ->
                has(bytes, at, 4) ? type(u16(bytes, at + 2), bytes, at + 4, depth + 1) : NONE;
            case MPLS, MPLS_MULTICAST -> labels(bytes, at, depth + 1);
            case PPPOE_SESSION -> has(bytes, at, 8) ? ppp(bytes, at + 6, depth + 1) : NONE;
            default -> type < FIRST_TYPE ? snap(bytes, at, depth + 1) : NONE;
        };
    }

    /** LLC with a SNAP header (AA AA 03, organisation 0), behind which the type follows. */
    private static int snap(ByteBuffer bytes, int at, int depth) {
        boolean snap = has(bytes, at, 8)
                && u16(bytes, at) == 0xaaaa
                && u16(bytes, at + 2) == 0x0300
                && u16(bytes, at + 4) == 0;
        return snap ? type(u16(bytes, at + 6), bytes, at + 8, depth) : NONE;
    }

    private static int labels(ByteBuffer bytes, int at, int depth) {
        int next = at;
        for (int i = 0; i < MAX_DEPTH; i++) {
            if (!has(bytes, next, 4)) {
                return NONE;
            }
            boolean last = (bytes.get(next + 2) & 1) != 0;
            next += 4;
            if (last) {
                int ip = ip(bytes, next);
                return ip == NONE && depth <= MAX_DEPTH ? pseudowire(bytes, next, depth + 1) : ip;
            }
        }
        return NONE;
    }

    /** A control word, whose first four bits are 0, and the frame of the wire. */
    private static int pseudowire(ByteBuffer bytes, int at, int depth) {
        return has(bytes, at, 4) && bytes.get(at) >> 4 == 0 ? ethernet(bytes, at + 4, depth) : NONE;
    }

    private static int ppp(ByteBuffer bytes, int at, int depth) {
        int next = has(bytes, at, 2) && u16(bytes, at) == 0xff03 ? at + 2 : at;
        if (!has(bytes, next, 2)) {
            return NONE;
        }
        boolean brief = (bytes.get(next) & 1) != 0;
        int protocol = brief ? bytes.get(next) & 0xff : u16(bytes, next);
        next += brief ? 1 : 2;
        return switch (protocol) {
            case 0x0021, 0x0057 -> ip(bytes, next);
            case 0x0281, 0x0283 -> labels(bytes, next, depth + 1);
            default -> NONE;
        };
    }

    private static boolean has(ByteBuffer bytes, int at, int length) {
        return at >= 0 && bytes.limit() - at >= length;
    }

    private static int u16(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xffff;
    }
}
