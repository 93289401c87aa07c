package io.millrace.operators.intrusion;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.millrace.models.intrusion.FlowContext;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.schemas.FlowRecord;

/**
 * Makes the rows that models read of flow records: the same code in the streaming job and in training.
 *
 * <p>Stateless; threads may share it.
 */
public final class FlowRows {

    private static final int TCP = 6;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int ACK = 16;
    private static final int ICMP = 1;
    private static final int ICMP_V6 = 58;

    /** Ports from here on are taken by clients for the time of a connection and name no service. */
    private static final int FIRST_DYNAMIC_PORT = 49_152;

    private static final String FLAG_LETTERS = "FSRPAUEC";

    /** Connection states, Zeek's names, in which nobody of use answered. */
    private static final Set<String> UNANSWERED_STATES = Set.of("S0", "REJ", "RSTOS0", "RSTRH", "SH");

    private final FlowProfile profile;

    /**
     * @param profile {@link FlowProfile#CORE} or {@link FlowProfile#ZEEK}
     * @throws IllegalArgumentException for a profile whose fields flow records do not carry
     */
    public FlowRows(FlowProfile profile) {
        if (profile != FlowProfile.CORE && profile != FlowProfile.ZEEK) {
            throw new IllegalArgumentException("flow records carry the fields of profiles core and zeek, not those of "
                    + profile.id() + ": train a model on --format core or zeek");
        }
        this.profile = profile;
    }

    /** The key of a flow: its source host. */
    public static String keyOf(FlowRecord flow) {
        return flow.getSourceAddress();
    }

    /** The row of a flow. Its truth is the record's label; a record without one is taken as benign. */
    public FlowRow row(FlowRecord flow) {
        String label = flow.getLabel();
        boolean attack = label != null && !label.equalsIgnoreCase(FlowRow.BENIGN);
        return new FlowRow(
                profile == FlowProfile.CORE ? core(flow) : zeek(flow),
                profile == FlowProfile.CORE ? coreCategories(flow) : zeekCategories(flow),
                context(flow),
                attack,
                attack ? label.toLowerCase(Locale.ROOT) : FlowRow.BENIGN);
    }

    private static double[] core(FlowRecord flow) {
        double[] values = new double[FlowProfile.CORE.numericFields().size()];
        fillCore(flow, values);
        return values;
    }

    private static void fillCore(FlowRecord flow, double[] values) {
        double duration = duration(flow);
        double bytesOut = number(flow.getBytesOut());
        double bytesIn = number(flow.getBytesIn());
        double packetsOut = number(flow.getPacketsOut());
        double packetsIn = number(flow.getPacketsIn());
        double bytes = bytesOut + orZero(bytesIn);
        double packets = packetsOut + orZero(packetsIn);
        values[0] = portClass(flow.getSourcePort());
        values[1] = portClass(flow.getDestinationPort());
        values[2] = duration;
        values[3] = bytesOut;
        values[4] = bytesIn;
        values[5] = packetsOut;
        values[6] = packetsIn;
        values[7] = bytesPerPacket(bytesOut, packetsOut);
        values[8] = bytesPerPacket(bytesIn, packetsIn);
        values[9] = packets / (orZero(duration) + 0.01);
        values[10] = bytes / (orZero(duration) + 0.01);
        values[11] = Double.isNaN(bytesIn) ? Double.NaN : bytesIn / Math.max(1, bytes);
        values[12] = Double.isNaN(packetsIn) ? Double.NaN : packetsIn / Math.max(1, packets);
    }

    private static double bytesPerPacket(double bytes, double packets) {
        return packets <= 0 ? 0 : bytes / packets;
    }

    private static String[] coreCategories(FlowRecord flow) {
        boolean tcp = flow.getProtocol() == TCP;
        Integer out = flow.getTcpFlagsOut() != null ? flow.getTcpFlagsOut() : flow.getTcpFlags();
        boolean icmp = flow.getProtocol() == ICMP || flow.getProtocol() == ICMP_V6;
        return new String[] {
            Integer.toString(flow.getProtocol()),
            servicePort(flow),
            tcp ? flags(out) : "",
            tcp ? flags(flow.getTcpFlagsIn()) : "",
            icmp && flow.getIcmpType() != null ? flow.getIcmpType().toString() : ""
        };
    }

    private static double[] zeek(FlowRecord flow) {
        double[] values = new double[FlowProfile.ZEEK.numericFields().size()];
        fillCore(flow, values);
        int at = FlowProfile.CORE.numericFields().size();
        Map<String, String> attributes = flow.getAttributes();
        values[at] = number(attributes.get("orig_bytes"));
        values[at + 1] = number(attributes.get("resp_bytes"));
        values[at + 2] = number(attributes.get("missed_bytes"));
        String history = flow.getHistory() == null ? "" : flow.getHistory();
        values[at + 3] = flow.getHistory() == null ? Double.NaN : history.length();
        long fromSource = history.chars().filter(Character::isUpperCase).count();
        values[at + 4] = history.isEmpty() ? Double.NaN : fromSource / (double) history.length();
        return values;
    }

    private static String[] zeekCategories(FlowRecord flow) {
        Map<String, String> attributes = flow.getAttributes();
        return new String[] {
            Integer.toString(flow.getProtocol()),
            servicePort(flow),
            orEmpty(flow.getService()),
            orEmpty(flow.getConnectionState()),
            orEmpty(flow.getHistory()),
            local(attributes.get("local_orig")) + local(attributes.get("local_resp"))
        };
    }

    /** Who talked to whom and when: what the history of a key is made of. */
    public static FlowContext context(FlowRecord flow) {
        return new FlowContext(
                keyOf(flow),
                flow.getDestinationAddress(),
                flow.getSourcePort() == null ? -1 : flow.getSourcePort(),
                flow.getDestinationPort() == null ? -1 : flow.getDestinationPort(),
                flow.getProtocol(),
                flow.getStartTime().toEpochMilli(),
                flow.getEndTime().toEpochMilli(),
                orZero(number(flow.getBytesOut())),
                orZero(number(flow.getBytesIn())),
                answered(flow));
    }

    /** Whether the other side let the flow come about, as far as the source tells. */
    static boolean answered(FlowRecord flow) {
        if (flow.getConnectionState() != null && UNANSWERED_STATES.contains(flow.getConnectionState())) {
            return false;
        }
        if (flow.getPacketsIn() != null) {
            Integer in = flow.getTcpFlagsIn();
            boolean refused = flow.getProtocol() == TCP && in != null && (in & RST) != 0 && (in & SYN) == 0;
            return flow.getPacketsIn() > 0 && !refused;
        }
        Integer flags = flow.getTcpFlags() != null ? flow.getTcpFlags() : flow.getTcpFlagsOut();
        return flow.getProtocol() != TCP || flags == null || (flags & ACK) != 0;
    }

    private static double duration(FlowRecord flow) {
        if (flow.getDurationSeconds() != null) {
            return flow.getDurationSeconds();
        }
        return Math.max(
                        0,
                        flow.getEndTime().toEpochMilli() - flow.getStartTime().toEpochMilli())
                / 1000.0;
    }

    /** 0 no port, 1 system port, 2 registered port, 3 port of a client. */
    private static double portClass(Integer port) {
        if (port == null) {
            return 0;
        }
        return port < 1024 ? 1 : port < 32_768 ? 2 : 3;
    }

    private static String servicePort(FlowRecord flow) {
        Integer port = flow.getDestinationPort();
        if (port == null || flow.getProtocol() == ICMP || flow.getProtocol() == ICMP_V6) {
            return "";
        }
        return port >= FIRST_DYNAMIC_PORT ? "dynamic" : port.toString();
    }

    private static String flags(Integer flags) {
        if (flags == null) {
            return "";
        }
        StringBuilder letters = new StringBuilder("=");
        for (int bit = 0; bit < 6; bit++) {
            if ((flags & (1 << bit)) != 0) {
                letters.append(FLAG_LETTERS.charAt(bit));
            }
        }
        return letters.toString();
    }

    private static String local(String zeekBoolean) {
        if (zeekBoolean == null) {
            return "?";
        }
        return switch (zeekBoolean) {
            case "T", "true" -> "T";
            case "F", "false" -> "F";
            default -> "?";
        };
    }

    private static String orEmpty(String value) {
        return value == null || value.equals("-") ? "" : value.length() > 8 ? value.substring(0, 8) : value;
    }

    private static double number(Long value) {
        return value == null ? Double.NaN : value;
    }

    private static double number(String value) {
        if (value == null || value.isEmpty() || value.equals("-")) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
