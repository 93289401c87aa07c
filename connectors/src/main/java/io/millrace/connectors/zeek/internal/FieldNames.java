package io.millrace.connectors.zeek.internal;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of the columns of {@code conn.log}, in the forms that Zeek's settings give them. */
public final class FieldNames {
    /** The parts of a connection's identifier, whose names have whatever {@code Log::default_scope_sep} says between. */
    private static final Pattern SCOPED = Pattern.compile("id[^A-Za-z0-9]{1,4}(orig_h|orig_p|resp_h|resp_p)");

    /** What every log of connections and of what goes over them has. */
    private static final Set<String> COMMON = Set.of(
            "ts",
            "uid",
            "id.orig_h",
            "id.orig_p",
            "id.resp_h",
            "id.resp_p",
            "proto",
            "service",
            "ip_proto",
            "label",
            "detailedlabel",
            "detailed-label");

    /** What only a log of connections has. */
    private static final Set<String> OWN = Set.of(
            "duration",
            "orig_bytes",
            "resp_bytes",
            "conn_state",
            "local_orig",
            "local_resp",
            "missed_bytes",
            "history",
            "orig_pkts",
            "orig_ip_bytes",
            "resp_pkts",
            "resp_ip_bytes",
            "tunnel_parents");

    private FieldNames() {}

    /** The name with a dot where another sign divides its parts. */
    public static String plain(String name) {
        Matcher scoped = SCOPED.matcher(name);
        return scoped.matches() ? "id." + scoped.group(1) : name;
    }

    /** Whether a line is of a log of connections, by its fields: not all that have addresses are. */
    public static boolean areOfConnection(Map<String, String> values) {
        boolean strange = false;
        for (String name : values.keySet()) {
            if (OWN.contains(name)) {
                return true;
            }
            strange |= !COMMON.contains(name) && !name.startsWith("_");
        }
        return !strange;
    }
}
