package io.millrace.operators.intrusion;

import io.millrace.schemas.FlowRecord;

/** A flow in one readable line. */
final class FlowSummary {

    private FlowSummary() {}

    static String of(FlowRecord flow) {
        StringBuilder line = new StringBuilder(64)
                .append(flow.getSourceAddress())
                .append(" -> ")
                .append(flow.getDestinationAddress());
        if (flow.getDestinationPort() != null) {
            line.append(':').append(flow.getDestinationPort());
        }
        line.append(' ').append(protocol(flow.getProtocol()));
        if (flow.getBytesOut() != null) {
            line.append(' ').append(flow.getBytesOut()).append(" B out");
        }
        if (flow.getBytesIn() != null) {
            line.append(' ').append(flow.getBytesIn()).append(" B in");
        }
        if (flow.getSamplingRate() != null) {
            line.append(flow.getVolumesScaled() ? " (estimated from 1 packet in " : " (1 packet in ")
                    .append(Math.round(flow.getSamplingRate()))
                    .append(flow.getVolumesScaled() ? ")" : " seen)");
        }
        return line.toString();
    }

    private static String protocol(int number) {
        return switch (number) {
            case 1 -> "icmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 58 -> "icmp6";
            default -> "protocol " + number;
        };
    }
}
