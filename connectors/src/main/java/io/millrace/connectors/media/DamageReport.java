package io.millrace.connectors.media;

import java.util.ArrayList;
import java.util.List;

/** What of an input was lost so far. */
public final class DamageReport {
    /** Places that are kept; later ones are counted. */
    public static final int KEPT = 20;

    private final List<Damage> first = new ArrayList<>();
    private long count;

    DamageReport() {}

    void add(Damage damage) {
        count++;
        if (first.size() < KEPT) {
            first.add(damage);
        }
    }

    /** Damaged places. */
    public long count() {
        return count;
    }

    /** The first {@value #KEPT} of them, in the order of the input. */
    public List<Damage> first() {
        return List.copyOf(first);
    }

    /** One line a place, and one that counts those not kept; empty if nothing was lost. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        first.forEach(damage -> lines.add("damaged: " + damage));
        if (count > first.size()) {
            lines.add("damaged: " + (count - first.size()) + " more places");
        }
        return lines;
    }
}
