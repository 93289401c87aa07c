package io.millrace.models.intrusion;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Levels of one categorical field, fitted on training rows and then frozen.
 *
 * @param name name of the field
 * @param levels the most frequent levels, most frequent first; level i has id i + 1, every other level id 0
 */
public record CategoricalField(String name, List<String> levels) {

    /** Largest number of levels with an id of their own. */
    public static final int MAXIMUM_LEVELS = 32;

    public CategoricalField {
        levels = List.copyOf(levels);
        if (levels.size() > MAXIMUM_LEVELS) {
            throw new IllegalArgumentException(
                    name + " has " + levels.size() + " levels; " + MAXIMUM_LEVELS + " are allowed");
        }
    }

    /** Fits a field on the values of the training rows; levels seen fewer than {@code leastRows} times get no id. */
    static CategoricalField fit(String name, Iterable<String> column, int leastRows) {
        Map<String, Integer> counts = new HashMap<>();
        for (String value : column) {
            counts.merge(value, 1, Integer::sum);
        }
        List<String> levels = counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= leastRows)
                .sorted(Comparator.comparing((Map.Entry<String, Integer> entry) -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(MAXIMUM_LEVELS)
                .map(Map.Entry::getKey)
                .toList();
        return new CategoricalField(name, levels);
    }
}
