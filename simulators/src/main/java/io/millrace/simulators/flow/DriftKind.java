package io.millrace.simulators.flow;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What changes in the stream from the time of a {@link FlowDrift} on. */
public enum DriftKind {
    /** A new application comes into use: conferencing over UDP 8801-8810 and its TCP 9443 control connections. */
    NEW_APPLICATION,
    /** Internal web, file and database servers move to a provider: their traffic goes to external addresses on 443. */
    CLOUD_MIGRATION,
    /** Benign transfers grow by four to eight times. */
    LARGER_FLOWS,
    /** Browsing moves from TCP to QUIC (UDP 443). */
    QUIC,
    /** Attackers use tools the stream has not shown before; benign traffic stays. */
    NEW_ATTACK_TOOLS;

    /**
     * Reads a kind by its lower-case, hyphenated name.
     *
     * @throws IllegalArgumentException for an unknown name, naming the known ones
     */
    public static DriftKind parse(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(text.trim().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown drift kind '" + text + "'; known: "
                        + Arrays.stream(values()).map(DriftKind::label).collect(Collectors.joining(", "))));
    }

    /** Returns the name on the command line, for example {@code cloud-migration}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
