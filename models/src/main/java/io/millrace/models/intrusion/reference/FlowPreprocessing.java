package io.millrace.models.intrusion.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The paper's pre-processing of one column: numeric values on a logarithmic scale of the training range, categorical
 * values as ids of the most frequent training levels.
 */
public final class FlowPreprocessing {

    /** How values outside of what training saw are treated. */
    public enum Unseen {
        /** As the reference does: below the range becomes negative or NaN, an unseen level the most frequent one. */
        AS_REFERENCE,
        /** Values are clamped to the training range; an unseen level is id 0. */
        CORRECTED
    }

    private FlowPreprocessing() {}

    /**
     * Range of a numeric column.
     *
     * @param minimum smallest training value
     * @param range largest less smallest
     */
    public record Range(float minimum, float range) {

        /** Fits the training rows of a column; values that are not finite or beyond {@code limit} count as zero. */
        public static Range fit(double[] column, int trainingRows, double limit) {
            float min = Float.POSITIVE_INFINITY;
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < trainingRows; i++) {
                float value = filtered(column[i], limit);
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            if (trainingRows == 0) {
                throw new IllegalArgumentException("a range needs at least one training row");
            }
            return new Range(min, max - min);
        }

        /**
         * Scales a column: ln(x - m + 1) / ln(r + 1), zero where the range is.
         *
         * @param clip whether to cut results to 0..1 (NaN stays)
         */
        public float[] transform(double[] column, double limit, Unseen unseen, boolean clip) {
            float[] scaled = new float[column.length];
            float scale = (float) Math.log(range + 1f);
            for (int i = 0; i < column.length && range != 0; i++) {
                float value = filtered(column[i], limit);
                if (unseen == Unseen.CORRECTED) {
                    value = Math.min(Math.max(value, minimum), minimum + range);
                }
                scaled[i] = (float) Math.log(value - minimum + 1f) / scale;
                if (clip && !Float.isNaN(scaled[i])) {
                    scaled[i] = Math.min(Math.max(scaled[i], 0f), 1f);
                }
            }
            return scaled;
        }

        private static float filtered(double value, double limit) {
            return Double.isFinite(value) && Math.abs(value) <= limit ? (float) value : 0f;
        }
    }

    /**
     * Most frequent training levels of a categorical column, most frequent first; equal frequencies in ascending order
     * (numbers by value).
     */
    public static List<String> levels(List<String> column, int trainingRows, int most) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        column.subList(0, trainingRows).forEach(value -> counts.merge(value, 1, Integer::sum));
        List<String> ordered = new ArrayList<>(counts.keySet());
        boolean numbers = ordered.stream().allMatch(value -> value.matches("-?\\d+(\\.\\d+)?"));
        Comparator<String> ascending =
                numbers ? Comparator.comparingDouble(Double::parseDouble) : Comparator.naturalOrder();
        ordered.sort(Comparator.comparing((String value) -> -counts.get(value)).thenComparing(ascending));
        return List.copyOf(ordered.subList(0, Math.min(most, ordered.size())));
    }

    /** Ids 1..L of a column's values; an unseen level is 1 as in the reference, or 0 when corrected. */
    public static long[] ids(List<String> column, List<String> levels, Unseen unseen) {
        long[] ids = new long[column.size()];
        for (int i = 0; i < ids.length; i++) {
            int found = levels.indexOf(column.get(i));
            ids[i] = found >= 0 ? found + 1L : unseen == Unseen.AS_REFERENCE ? 1 : 0;
        }
        return ids;
    }
}
