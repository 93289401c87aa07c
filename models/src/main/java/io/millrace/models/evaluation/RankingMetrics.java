package io.millrace.models.evaluation;

import java.util.Arrays;

/** Metrics of a score that do not depend on a threshold. Equal scores count as one step. */
public final class RankingMetrics {

    private RankingMetrics() {}

    /**
     * Area under the receiver operating characteristic: the probability that an attack scores above a benign flow, ties
     * half.
     *
     * @param scores score of each flow, higher for attack
     * @param attack truth of each flow
     * @return 0 to 1; NaN if one of the classes is empty
     */
    public static double auroc(double[] scores, boolean[] attack) {
        int[] order = descending(scores);
        double above = 0;
        double area = 0;
        double benign = 0;
        for (int i = 0; i < order.length; ) {
            int j = i;
            double attacks = 0;
            double others = 0;
            while (j < order.length && scores[order[j]] == scores[order[i]]) {
                if (attack[order[j]]) {
                    attacks++;
                } else {
                    others++;
                }
                j++;
            }
            area += others * (above + attacks / 2);
            above += attacks;
            benign += others;
            i = j;
        }
        return above == 0 || benign == 0 ? Double.NaN : area / (above * benign);
    }

    /**
     * Average precision: the mean over the attacks of the precision at their score (the step-wise area under the
     * precision-recall curve, without interpolation).
     *
     * @return 0 to 1; NaN without attacks
     */
    public static double averagePrecision(double[] scores, boolean[] attack) {
        int[] order = descending(scores);
        double found = 0;
        double sum = 0;
        for (int i = 0; i < order.length; ) {
            int j = i;
            double attacks = 0;
            while (j < order.length && scores[order[j]] == scores[order[i]]) {
                attacks += attack[order[j]] ? 1 : 0;
                j++;
            }
            found += attacks;
            sum += attacks * found / j;
            i = j;
        }
        return found == 0 ? Double.NaN : sum / found;
    }

    /**
     * Smallest threshold at which at most the given share of benign flows is flagged (a flow is flagged at or above the
     * threshold).
     *
     * @param benignScores scores of benign flows kept from training
     * @param rate tolerated share, 0 to 1
     */
    public static double thresholdAt(double[] benignScores, double rate) {
        if (benignScores.length == 0) {
            throw new IllegalArgumentException("no benign flows to set a threshold on");
        }
        double[] sorted = benignScores.clone();
        Arrays.sort(sorted);
        int allowed = (int) Math.floor(rate * sorted.length);
        double highestUnflagged = sorted[sorted.length - 1 - Math.min(allowed, sorted.length - 1)];
        return Math.nextUp(highestUnflagged);
    }

    /**
     * As {@link #thresholdAt(double[], double)}, but set in the middle of the gap to the lowest attack above it: where the
     * classes leave a gap, a threshold at its lower edge would flag benign flows only a little unlike those known.
     *
     * @param scores scores of flows kept from training
     * @param attack their truth
     */
    public static double thresholdAt(double[] scores, boolean[] attack, double rate) {
        double[] benign = new double[scores.length];
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (!attack[i]) {
                benign[count++] = scores[i];
            }
        }
        double lowest = thresholdAt(Arrays.copyOf(benign, count), rate);
        double next = Double.POSITIVE_INFINITY;
        for (int i = 0; i < scores.length; i++) {
            if (attack[i] && scores[i] >= lowest) {
                next = Math.min(next, scores[i]);
            }
        }
        return Double.isInfinite(next) ? lowest : lowest + (next - lowest) / 2;
    }

    private static int[] descending(double[] scores) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(scores[b], scores[a]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
