package io.millrace.connectors.pcap;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How many packets of a capture held no datagram of use, and why. */
public final class PacketCounts {
    /** Why a packet held none. */
    public enum Reason {
        /** Of a link type that is not read here. */
        UNKNOWN_LINK_TYPE,
        /** Without IP where it should begin: another protocol (ARP, say), headers that are not understood, or cut there. */
        NO_IP,
        /** With a tunnel's header inside which no IP was found. */
        UNKNOWN_TUNNEL,
        /** Of IP, with another protocol than UDP in the end. */
        OTHER_PROTOCOL,
        /** Of UDP, cut within its header or with a length that cannot be. */
        MALFORMED_UDP,
        /** Of UDP, but no export. */
        NO_EXPORT
    }

    private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);

    /** Counts a packet. */
    public void count(Reason reason) {
        counts.merge(reason, 1L, Long::sum);
    }

    /** The counts above zero by the reasons' names, lower case with underscores. */
    public Map<String, Long> counts() {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((reason, count) -> named.put(reason.name().toLowerCase(Locale.ROOT), count));
        return named;
    }
}
