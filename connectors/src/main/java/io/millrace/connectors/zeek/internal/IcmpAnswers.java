package io.millrace.connectors.zeek.internal;

import java.util.Map;

/**
 * What Zeek writes as the second "port" of ICMP: for messages that ask or answer (RFC 792, 950, 1256; RFC 4443, 4861, 2710,
 * 4620, 6275) the type of the other, for all others the code.
 */
final class IcmpAnswers {
    private static final int ICMP = 1;

    private static final Map<Integer, Integer> VERSION_4 =
            Map.of(8, 0, 0, 8, 13, 14, 14, 13, 15, 16, 16, 15, 10, 9, 9, 10, 17, 18, 18, 17);

    private static final Map<Integer, Integer> VERSION_6 = Map.ofEntries(
            Map.entry(128, 129),
            Map.entry(129, 128),
            Map.entry(130, 131),
            Map.entry(131, 130),
            Map.entry(133, 134),
            Map.entry(134, 133),
            Map.entry(135, 136),
            Map.entry(136, 135),
            Map.entry(139, 140),
            Map.entry(140, 139),
            Map.entry(144, 145),
            Map.entry(145, 144));

    private IcmpAnswers() {}

    /**
     * The code of a message.
     *
     * @param protocol 1 or 58
     * @param type its type, or null
     * @param port the second "port", or null
     * @return null where it is not known; messages that ask or answer have code 0, but for node information (139, 140)
     */
    static Integer code(int protocol, Integer type, Integer port) {
        if (type == null || port == null) {
            return port;
        }
        boolean asks = (protocol == ICMP ? VERSION_4 : VERSION_6).containsKey(type);
        return !asks ? port : protocol != ICMP && (type == 139 || type == 140) ? null : Integer.valueOf(0);
    }
}
