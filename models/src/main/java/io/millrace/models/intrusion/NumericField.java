package io.millrace.models.intrusion;

import java.util.Arrays;

/**
 * How one numeric field is scaled, fitted on training rows and then frozen.
 *
 * <p>The logarithm is that of the paper (section "pre-processing"): ln(x - minimum + 1) / ln(range + 1), except that x is
 * clamped to the fitted range first. The rank is the share of training rows below x plus half of those equal to it,
 * linear between the fitted points.
 *
 * @param name name of the field
 * @param minimum smallest training value
 * @param range largest minus smallest training value; 0 for a constant field, which is always 0
 * @param points ascending distinct values at which the rank is known
 * @param ranks rank of each point, 0 to 1
 * @param sometimesMissing whether training rows lacked the value: then a bit says so
 */
public record NumericField(
        String name, double minimum, double range, double[] points, double[] ranks, boolean sometimesMissing) {

    /** Beyond this a value is taken for missing: counters that wrapped, rates over no time. */
    static final double LIMIT = 1e13;

    /** Fits a field on the values of the training rows; values that are not finite count as missing. */
    static NumericField fit(String name, double[] column, int points) {
        double[] sorted =
                Arrays.stream(column).filter(NumericField::present).sorted().toArray();
        boolean missing = sorted.length < column.length;
        if (sorted.length == 0) {
            return new NumericField(name, 0, 0, new double[0], new double[0], missing);
        }
        double minimum = sorted[0];
        double range = sorted[sorted.length - 1] - minimum;
        double[] values = new double[Math.min(points, sorted.length)];
        for (int i = 0; i < values.length; i++) {
            int at = values.length == 1 ? 0 : (int) ((long) i * (sorted.length - 1) / (values.length - 1));
            values[i] = sorted[at];
        }
        values = Arrays.stream(values).distinct().toArray();
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int below = lowerBound(sorted, values[i]);
            int upTo = lowerBound(sorted, Math.nextUp(values[i]));
            ranks[i] = Math.round((below + upTo) / 2.0 / sorted.length * 1e6) / 1e6;
        }
        return new NumericField(name, minimum, range, values, ranks, missing);
    }

    static boolean present(double value) {
        return Double.isFinite(value) && Math.abs(value) <= LIMIT;
    }

    /** Scaled logarithm, 0 to 1; 0 for a missing value and for a constant field. */
    float log(double value) {
        if (range <= 0 || !present(value)) {
            return 0;
        }
        double clamped = Math.max(minimum, Math.min(minimum + range, value));
        return (float) (Math.log1p(clamped - minimum) / Math.log1p(range));
    }

    /** Rank among the training rows, 0 to 1; 0 for a missing value and for a constant field. */
    float rank(double value) {
        if (range <= 0 || !present(value)) {
            return 0;
        }
        int at = lowerBound(points, value);
        if (at == points.length) {
            return (float) ranks[at - 1];
        }
        if (points[at] == value || at == 0) {
            return (float) ranks[at];
        }
        double share = (value - points[at - 1]) / (points[at] - points[at - 1]);
        return (float) (ranks[at - 1] + share * (ranks[at] - ranks[at - 1]));
    }

    private static int lowerBound(double[] sorted, double value) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] < value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
