package io.millrace.connectors.flow;

import java.util.Map;
import java.util.TreeMap;

/** Counts by kind, for as many kinds as a log may have; names beyond those and long ones are counted as {@value #OTHER}. */
public final class KindCounts {
    /** Kind of what has no name of its own. */
    public static final String OTHER = "other";

    private static final int MAX_KINDS = 128;
    private static final int MAX_NAME = 40;

    private final Map<String, Long> counts = new TreeMap<>();

    /** Counts one of a kind. */
    public void count(String kind) {
        add(kind, 1);
    }

    /** Adds the counts of another. */
    public void add(Map<String, Long> others) {
        others.forEach(this::add);
    }

    /** The counts, by the names of the kinds in order. */
    public Map<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    private void add(String kind, long count) {
        boolean named = !kind.isBlank()
                && kind.length() <= MAX_NAME
                && kind.chars().noneMatch(Character::isISOControl)
                && (counts.size() < MAX_KINDS || counts.containsKey(kind));
        counts.merge(named ? kind : OTHER, count, Long::sum);
    }
}
