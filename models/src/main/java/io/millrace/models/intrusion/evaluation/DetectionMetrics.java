package io.millrace.models.intrusion.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Counts of one threshold, attack being the positive class.
 *
 * @param truePositives attacks flagged
 * @param falsePositives benign flows flagged
 * @param trueNegatives benign flows passed
 * @param falseNegatives attacks passed
 */
public record DetectionMetrics(long truePositives, long falsePositives, long trueNegatives, long falseNegatives) {

    /** Counts at a threshold; a flow is flagged at or above it. */
    public static DetectionMetrics at(double threshold, double[] scores, boolean[] attack) {
        long[] counts = new long[4];
        for (int i = 0; i < scores.length; i++) {
            boolean flagged = scores[i] >= threshold;
            counts[attack[i] ? (flagged ? 0 : 3) : (flagged ? 1 : 2)]++;
        }
        return new DetectionMetrics(counts[0], counts[1], counts[2], counts[3]);
    }

    /** Harmonic mean of precision and detection rate; 0 where nothing was found. */
    public double f1() {
        double weight = 2.0 * truePositives + falsePositives + falseNegatives;
        return weight == 0 ? 0 : 2.0 * truePositives / weight;
    }

    /** Share of attacks flagged (recall); NaN without attacks. */
    public double detectionRate() {
        return ratio(truePositives, truePositives + falseNegatives);
    }

    /** Share of benign flows flagged; NaN without benign flows. */
    public double falseAlarmRate() {
        return ratio(falsePositives, falsePositives + trueNegatives);
    }

    /** Mean of detection rate and of the share of benign flows passed. */
    public double balancedAccuracy() {
        return (detectionRate() + 1 - falseAlarmRate()) / 2;
    }

    /**
     * Macro F1: the mean over the kinds (benign among them) that occur in truth or in prediction.
     *
     * @param truth kind of each flow
     * @param predicted predicted kind of each flow
     */
    public static double macroF1(List<String> truth, List<String> predicted) {
        TreeSet<String> kinds = new TreeSet<>(truth);
        kinds.addAll(predicted);
        List<Double> scores = new ArrayList<>();
        for (String kind : kinds) {
            long found = 0;
            long either = 0;
            for (int i = 0; i < truth.size(); i++) {
                boolean is = truth.get(i).equals(kind);
                boolean said = predicted.get(i).equals(kind);
                found += is && said ? 2 : 0;
                either += (is ? 1 : 0) + (said ? 1 : 0);
            }
            scores.add((double) found / either);
        }
        return scores.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }
}
