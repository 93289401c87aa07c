package io.millrace.models.intrusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which fields describe a flow: one profile for each kind of source. Addresses and absolute times are in none of them;
 * what a host did before is added by {@link KeyHistory}.
 *
 * <p>A profile fixes names and order of the values of a {@link FlowRow}; which of them a network sees, and how scaled,
 * is fitted by {@link FeatureSpec}.
 */
public enum FlowProfile {

    /** What every NetFlow exporter gives. */
    CORE("core", true, Names.CORE_NUMERIC, Names.CORE_CATEGORICAL),

    /** The core fields with what Zeek adds: service, connection state, packet history, direction. */
    ZEEK(
            "zeek",
            true,
            Names.joined(Names.CORE_NUMERIC, Names.ZEEK_NUMERIC),
            List.of("protocol", "service_port", "service", "connection_state", "history", "direction")),

    /** UNSW-NB15, as stream with addresses or as partition without. */
    UNSW("unsw", true, Names.UNSW_NUMERIC, List.of("proto", "service", "state", "service_port")),

    /** NSL-KDD: connection records whose history the data set has already counted. */
    NSL_KDD("nsl-kdd", false, Names.NSL_KDD_NUMERIC, List.of("protocol_type", "service", "flag")),

    /** The NetFlow-v2 field set of the "NF-..." benchmarks. */
    NF_V2("nf-v2", true, Names.NF_V2_NUMERIC, Names.NF_V2_CATEGORICAL);

    private final String id;
    private final boolean keyed;
    private final List<String> numericFields;
    private final List<String> categoricalFields;

    FlowProfile(String id, boolean keyed, List<String> numericFields, List<String> categoricalFields) {
        this.id = id;
        this.keyed = keyed;
        this.numericFields = numericFields;
        this.categoricalFields = categoricalFields;
    }

    /** Name in commands and model cards. */
    public String id() {
        return id;
    }

    /** Whether flows of this profile may carry a key and a time, so that a history can be kept. */
    public boolean keyed() {
        return keyed;
    }

    /** Names of {@link FlowRow#numeric()}, in order. */
    public List<String> numericFields() {
        return numericFields;
    }

    /** Names of {@link FlowRow#categorical()}, in order. */
    public List<String> categoricalFields() {
        return categoricalFields;
    }

    /**
     * Finds a profile by its name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static FlowProfile of(String id) {
        for (FlowProfile profile : values()) {
            if (profile.id.equals(id.toLowerCase(Locale.ROOT))) {
                return profile;
            }
        }
        throw new IllegalArgumentException("no flow profile is called " + id + "; there are "
                + List.of(values()).stream().map(FlowProfile::id).toList());
    }

    private static final class Names {

        static final List<String> CORE_NUMERIC = List.of(
                "source_port_class",
                "destination_port_class",
                "duration_seconds",
                "bytes_out",
                "bytes_in",
                "packets_out",
                "packets_in",
                "bytes_per_packet_out",
                "bytes_per_packet_in",
                "packets_per_second",
                "bytes_per_second",
                "share_of_bytes_in",
                "share_of_packets_in");

        static final List<String> CORE_CATEGORICAL =
                List.of("protocol", "service_port", "flags_out", "flags_in", "icmp_type");

        static final List<String> ZEEK_NUMERIC =
                List.of("payload_out", "payload_in", "missed_bytes", "history_length", "history_from_source");

        static final List<String> UNSW_NUMERIC = List.of(
                "dur",
                "sbytes",
                "dbytes",
                "sttl",
                "dttl",
                "sloss",
                "dloss",
                "sload",
                "dload",
                "spkts",
                "dpkts",
                "swin",
                "dwin",
                "smean",
                "dmean",
                "trans_depth",
                "response_body_len",
                "sjit",
                "djit",
                "sinpkt",
                "dinpkt",
                "tcprtt",
                "synack",
                "ackdat",
                "is_sm_ips_ports",
                "ct_state_ttl",
                "ct_flw_http_mthd",
                "is_ftp_login",
                "ct_ftp_cmd",
                "ct_srv_src",
                "ct_srv_dst",
                "ct_dst_ltm",
                "ct_src_ltm",
                "ct_src_dport_ltm",
                "ct_dst_sport_ltm",
                "ct_dst_src_ltm");

        static final List<String> NSL_KDD_NUMERIC = List.of(
                "duration",
                "src_bytes",
                "dst_bytes",
                "land",
                "wrong_fragment",
                "urgent",
                "hot",
                "num_failed_logins",
                "logged_in",
                "num_compromised",
                "root_shell",
                "su_attempted",
                "num_root",
                "num_file_creations",
                "num_shells",
                "num_access_files",
                "num_outbound_cmds",
                "is_host_login",
                "is_guest_login",
                "count",
                "srv_count",
                "serror_rate",
                "srv_serror_rate",
                "rerror_rate",
                "srv_rerror_rate",
                "same_srv_rate",
                "diff_srv_rate",
                "srv_diff_host_rate",
                "dst_host_count",
                "dst_host_srv_count",
                "dst_host_same_srv_rate",
                "dst_host_diff_srv_rate",
                "dst_host_same_src_port_rate",
                "dst_host_srv_diff_host_rate",
                "dst_host_serror_rate",
                "dst_host_srv_serror_rate",
                "dst_host_rerror_rate",
                "dst_host_srv_rerror_rate");

        static final List<String> NF_V2_NUMERIC = List.of(
                "IN_BYTES",
                "IN_PKTS",
                "OUT_BYTES",
                "OUT_PKTS",
                "FLOW_DURATION_MILLISECONDS",
                "DURATION_IN",
                "DURATION_OUT",
                "MIN_TTL",
                "MAX_TTL",
                "LONGEST_FLOW_PKT",
                "SHORTEST_FLOW_PKT",
                "MIN_IP_PKT_LEN",
                "MAX_IP_PKT_LEN",
                "SRC_TO_DST_SECOND_BYTES",
                "DST_TO_SRC_SECOND_BYTES",
                "RETRANSMITTED_IN_BYTES",
                "RETRANSMITTED_IN_PKTS",
                "RETRANSMITTED_OUT_BYTES",
                "RETRANSMITTED_OUT_PKTS",
                "SRC_TO_DST_AVG_THROUGHPUT",
                "DST_TO_SRC_AVG_THROUGHPUT",
                "NUM_PKTS_UP_TO_128_BYTES",
                "NUM_PKTS_128_TO_256_BYTES",
                "NUM_PKTS_256_TO_512_BYTES",
                "NUM_PKTS_512_TO_1024_BYTES",
                "NUM_PKTS_1024_TO_1514_BYTES",
                "TCP_WIN_MAX_IN",
                "TCP_WIN_MAX_OUT");

        static final List<String> NF_V2_CATEGORICAL = List.of(
                "L4_SRC_PORT",
                "L4_DST_PORT",
                "PROTOCOL",
                "L7_PROTO",
                "TCP_FLAGS",
                "CLIENT_TCP_FLAGS",
                "SERVER_TCP_FLAGS",
                "ICMP_TYPE",
                "ICMP_IPV4_TYPE");

        static List<String> joined(List<String> first, List<String> second) {
            List<String> all = new ArrayList<>(first);
            all.addAll(second);
            return List.copyOf(all);
        }
    }
}
