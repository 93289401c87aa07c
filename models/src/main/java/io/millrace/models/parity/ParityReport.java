package io.millrace.models.parity;

import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Largest differences between our figures and a reference's, case by case. */
public final class ParityReport {

    private final Map<String, Case> cases = new TreeMap<>();

    /**
     * One comparison.
     *
     * @param maxAbsDiff largest absolute difference; {@link Double#MAX_VALUE} where shapes or NaNs differ or we have no
     *     such figure
     * @param tolerance largest difference allowed
     */
    public record Case(
            @JsonProperty("max_abs_diff") double maxAbsDiff,
            @JsonProperty("tolerance") double tolerance) {

        @JsonIgnore
        public boolean holds() {
            return maxAbsDiff <= tolerance;
        }
    }

    /** Adds a comparison of floats; NaN equals NaN, an infinity itself. Null is a figure that we do not have. */
    public void compare(String name, float[] expected, float[] ours, double tolerance) {
        double worst = ours == null || ours.length != expected.length ? Double.MAX_VALUE : 0;
        for (int i = 0; worst < Double.MAX_VALUE && i < expected.length; i++) {
            worst = Math.max(worst, difference(expected[i], ours[i]));
        }
        cases.put(name, new Case(worst, tolerance));
    }

    /** Adds a comparison of whole numbers, which must be equal. */
    public void compare(String name, long[] expected, long[] ours) {
        boolean same = ours != null && ours.length == expected.length;
        double worst = same ? 0 : Double.MAX_VALUE;
        for (int i = 0; same && i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) expected[i] - ours[i]));
        }
        cases.put(name, new Case(worst, 0));
    }

    private static double difference(float expected, float ours) {
        if (expected == ours || Float.isNaN(expected) && Float.isNaN(ours)) {
            return 0;
        }
        double difference = Math.abs((double) expected - ours);
        return Double.isFinite(difference) ? difference : Double.MAX_VALUE;
    }

    @JsonProperty("max_abs_diff")
    public double maxAbsDiff() {
        return cases.values().stream().mapToDouble(Case::maxAbsDiff).max().orElse(0);
    }

    @JsonProperty("cases")
    public Map<String, Case> cases() {
        return new TreeMap<>(cases);
    }

    /** Whether there is at least one case and every case is within its tolerance. */
    @JsonIgnore
    public boolean holds() {
        return !cases.isEmpty() && cases.values().stream().allMatch(Case::holds);
    }
}
