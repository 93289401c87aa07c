package io.millrace.simulators.flow;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Kinds of attack the generator makes. The label of a flow is the kind's {@link #label()}. */
public enum AttackKind {
    /** Looking for hosts and open ports: horizontal, vertical and block scans, TCP, UDP and ICMP, slow and fast. */
    SCAN("scan", 0.36),
    /** Guessing of passwords over SSH, RDP, FTP, web logins and others. */
    BRUTE_FORCE("brute-force", 0.20),
    /** Floods (SYN, HTTP, UDP, ICMP, reflection) and connection exhaustion. */
    DENIAL_OF_SERVICE("denial-of-service", 0.26),
    /** Data carried out: bulk uploads, tunnels and slow drips. */
    EXFILTRATION("exfiltration", 0.07),
    /** Periodic calls home of an infected host. */
    BEACONING("beaconing", 0.11);

    /** Label of flows that belong to no attack. */
    public static final String BENIGN = "benign";

    private final String label;
    private final double weight;

    AttackKind(String label, double weight) {
        this.label = label;
        this.weight = weight;
    }

    /** Returns the name in labels and on the command line, lower case with hyphens. */
    public String label() {
        return label;
    }

    /** Returns this kind's part of all attack flows when every kind is on. */
    public double weight() {
        return weight;
    }

    /**
     * Reads a comma-separated list of labels, or {@code all}, or {@code none}.
     *
     * @throws IllegalArgumentException for an unknown kind, naming the known ones
     */
    public static Set<AttackKind> parseSet(String text) {
        String trimmed = text.trim().toLowerCase(Locale.ROOT);
        if (trimmed.equals("all")) {
            return EnumSet.allOf(AttackKind.class);
        }
        EnumSet<AttackKind> kinds = EnumSet.noneOf(AttackKind.class);
        if (trimmed.equals("none")) {
            return kinds;
        }
        for (String name : trimmed.split(",")) {
            kinds.add(parse(name.trim()));
        }
        return kinds;
    }

    private static AttackKind parse(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.label.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown attack kind '" + name + "'; known: "
                        + Arrays.stream(values()).map(AttackKind::label).collect(Collectors.joining(", "))
                        + ", all, none"));
    }
}
