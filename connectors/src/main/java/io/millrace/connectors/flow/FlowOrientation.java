package io.millrace.connectors.flow;

import java.util.Set;

import io.millrace.schemas.FlowRecord;

/**
 * Which host opened a flow of two directions. Exporters report a direction first that need not be the opening one, so it
 * is told, in this order, by the SYN flag (a direction with SYN facing one without; else SYN without ACK), by the earlier
 * first packet, and by the ports (the service's side is the destination).
 */
public final class FlowOrientation {
    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final int EPHEMERAL = 32_768;

    /** Services above port 1023 that are common enough to be told from a client's port. */
    private static final Set<Integer> SERVICES = Set.of(
            1080, 1194, 1433, 1434, 1521, 1701, 1723, 1812, 1813, 1883, 1900, 2049, 2055, 2181, 2375, 2376, 3128, 3268,
            3306, 3389, 3478, 4369, 4444, 4500, 4739, 5000, 5044, 5060, 5061, 5222, 5353, 5355, 5432, 5601, 5671, 5672,
            5900, 5985, 5986, 6379, 6443, 6514, 6667, 6881, 7001, 8000, 8008, 8080, 8081, 8086, 8088, 8443, 8883, 8888,
            9000, 9042, 9090, 9092, 9100, 9200, 9300, 9418, 9995, 9996, 10000, 10250, 11211, 25565, 27017);

    private FlowOrientation() {}

    /**
     * Whether the flow's destination is the host that opened it.
     *
     * @param order below zero if the packets from source to destination began first, above zero if those of the other
     *     direction did, zero if that is not known
     */
    public static boolean isReversed(FlowRecord flow, int order) {
        Integer out = flow.getTcpFlagsOut();
        Integer in = flow.getTcpFlagsIn();
        if (out != null && in != null) {
            boolean outSyn = (out & SYN) != 0;
            boolean inSyn = (in & SYN) != 0;
            if (outSyn != inSyn) {
                return inSyn;
            }
            boolean outOpens = outSyn && (out & ACK) == 0;
            boolean inOpens = inSyn && (in & ACK) == 0;
            if (outOpens != inOpens) {
                return inOpens;
            }
        }
        if (order != 0) {
            return order > 0;
        }
        return flow.getSourcePort() != null
                && flow.getDestinationPort() != null
                && serviceRank(flow.getSourcePort()) < serviceRank(flow.getDestinationPort());
    }

    /** Turns the flow round in place: addresses, ports, counters and flags change sides. Returns the same flow. */
    public static FlowRecord reversed(FlowRecord flow) {
        String address = flow.getSourceAddress();
        flow.setSourceAddress(flow.getDestinationAddress());
        flow.setDestinationAddress(address);
        Integer port = flow.getSourcePort();
        flow.setSourcePort(flow.getDestinationPort());
        flow.setDestinationPort(port);
        Long bytes = flow.getBytesOut();
        flow.setBytesOut(flow.getBytesIn());
        flow.setBytesIn(bytes);
        Long packets = flow.getPacketsOut();
        flow.setPacketsOut(flow.getPacketsIn());
        flow.setPacketsIn(packets);
        Integer flags = flow.getTcpFlagsOut();
        flow.setTcpFlagsOut(flow.getTcpFlagsIn());
        flow.setTcpFlagsIn(flags);
        return flow;
    }

    private static int serviceRank(int port) {
        if (port == 0) {
            return 4;
        }
        if (port < 1024) {
            return 0;
        }
        return SERVICES.contains(port) ? 1 : port < EPHEMERAL ? 2 : 3;
    }
}
