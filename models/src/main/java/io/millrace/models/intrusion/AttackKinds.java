package io.millrace.models.intrusion;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which MITRE ATT&amp;CK techniques a kind of attack stands for, where its name says so: our own kinds and those of the
 * published data sets. A kind that names no technique (a tool's payload, "generic") has none.
 */
public final class AttackKinds {

    private static final Map<String, List<String>> TECHNIQUES = new HashMap<>();

    static {
        // Our own kinds.
        put(List.of("T1046", "T1595"), "scan");
        put(List.of("T1110"), "brute-force");
        put(List.of("T1498", "T1499"), "denial-of-service");
        put(List.of("T1048"), "exfiltration");
        put(List.of("T1071"), "beaconing");
        put(List.of("T1190"), "exploit");
        // NSL-KDD.
        put(List.of("T1046", "T1595"), "satan", "ipsweep", "nmap", "portsweep", "mscan", "saint");
        put(List.of("T1110"), "guess_passwd", "snmpguess");
        put(List.of("T1499.001"), "neptune", "processtable");
        put(List.of("T1498.002"), "smurf");
        put(List.of("T1498.001"), "udpstorm");
        put(List.of("T1499.002"), "back", "apache2", "mailbomb");
        put(List.of("T1499.004"), "teardrop", "pod", "land");
        put(List.of("T1190"), "phf", "imap", "named", "sendmail", "sqlattack");
        put(List.of("T1068"), "buffer_overflow", "loadmodule", "perl", "ps", "xterm");
        put(List.of("T1014"), "rootkit");
        put(List.of("T1572"), "httptunnel");
        // UNSW-NB15.
        put(List.of("T1046", "T1595"), "reconnaissance", "analysis");
        put(List.of("T1498", "T1499"), "dos");
        put(List.of("T1190"), "exploits");
        put(List.of("T1595.002"), "fuzzers");
        put(List.of("T1210"), "worms", "worm");
        // Zeek captures with labels.
        put(List.of("T1071"), "cc", "c&c");
    }

    private AttackKinds() {}

    private static void put(List<String> techniques, String... kinds) {
        for (String kind : kinds) {
            TECHNIQUES.put(kind, techniques);
        }
    }

    /** Technique ids of a kind, most telling first; empty where the kind names none. */
    public static List<String> techniques(String kind) {
        return TECHNIQUES.getOrDefault(kind.toLowerCase(Locale.ROOT), List.of());
    }
}
