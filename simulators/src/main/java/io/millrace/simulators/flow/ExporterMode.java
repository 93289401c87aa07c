package io.millrace.simulators.flow;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the simulated exporters report of a flow. */
public enum ExporterMode {
    /**
     * One record a flow with both directions: about two thirds of the sensors are protocol-aware probes (service,
     * connection state and packet history given), the rest plain meters (counters and flags only).
     */
    BIFLOW,
    /**
     * One record a direction, as NetFlow v5 and v9 routers give: the reverse record starts at the answering host. Two
     * thirds of the sensors give TCP flags, the rest do not; none names a service or a state.
     */
    UNIFLOW,
    /** All four sensor kinds side by side, each host behind one of them. */
    MIXED;

    /**
     * Reads a mode by its lower-case name.
     *
     * @throws IllegalArgumentException for an unknown name, naming the known ones
     */
    public static ExporterMode parse(String text) {
        return Arrays.stream(values())
                .filter(mode -> mode.label().equals(text.trim().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown exporter '" + text + "'; known: "
                        + Arrays.stream(values()).map(ExporterMode::label).collect(Collectors.joining(", "))));
    }

    /** Returns the name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
