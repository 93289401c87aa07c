package io.millrace.models.intrusion.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.models.evaluation.RankingMetrics;

/**
 * Chooses how many false alarms to allow by attacks that training has not seen. Whole attack kinds are held out of the
 * training rows, fold by fold, and a detector trained on the rest judges them: known attacks are found at any threshold,
 * so they cannot say where it pays to flag more.
 *
 * <p>The rate chosen is that of the highest F1 of held-out kinds against benign validation rows. Every kind counts alike,
 * since nobody knows which new kinds will be common; attacks count as much against benign flows as among the training
 * rows.
 */
final class NoveltyValidation {

    /** Kinds with fewer rows are held out but not counted: their detection rate is a matter of luck. */
    private static final int LEAST_KIND_ROWS = 10;

    private static final double FINEST_RATE = 0.0025;
    private static final int RATES = 40;

    private final boolean[] attacks;
    private final List<String> kinds;
    private final boolean[] validate;

    /**
     * @param attacks truth of each row
     * @param kinds kind of each row
     * @param validate rows never trained on; the benign ones among them give the false-alarm rates
     */
    NoveltyValidation(boolean[] attacks, List<String> kinds, boolean[] validate) {
        this.attacks = attacks;
        this.kinds = kinds;
        this.validate = validate;
    }

    /** Trains a detector and judges rows with it. */
    @FunctionalInterface
    interface Detector {

        /**
         * Score of each row, higher for attack.
         *
         * @param learn rows to train on
         * @param validate rows to stop by
         * @param judge rows to score; the scores of others are not read
         */
        double[] scores(boolean[] learn, boolean[] validate, boolean[] judge);
    }

    /**
     * A false-alarm rate and how unseen attacks fare at it.
     *
     * @param falseAlarmRate share of benign validation rows flagged, 0 to 1
     * @param detectionRate mean over held-out kinds of the share of rows flagged, 0 to 1
     * @param f1 F1 at these two rates with the training rows' share of attacks
     */
    record Point(
            @JsonProperty("false_alarm_rate") double falseAlarmRate,
            @JsonProperty("detection_rate") double detectionRate,
            @JsonProperty("f1") double f1) {}

    /**
     * What held-out kinds showed.
     *
     * @param best the point of the highest F1
     * @param auroc mean over held-out kinds of the AUROC against benign validation rows
     * @param kinds AUROC of each kind counted
     * @param curve all points, by rising rate
     */
    record Outcome(
            @JsonProperty("best") Point best,
            @JsonProperty("auroc") double auroc,
            @JsonProperty("kinds") Map<String, Double> kinds,
            @JsonProperty("curve") List<Point> curve) {}

    /**
     * Holds out every kind once.
     *
     * @param folds number of trainings; kinds are dealt out to them, the commonest first
     */
    Outcome run(int folds, Detector detector) {
        Map<String, Integer> foldOf = deal(folds);
        Map<String, Double> auroc = new TreeMap<>();
        double[] detection = new double[RATES];
        for (int fold = 0; fold < folds; fold++) {
            int current = fold;
            boolean[] held = rows(i -> attacks[i] && foldOf.get(kinds.get(i)) == current);
            double[] scores = detector.scores(
                    rows(i -> !validate[i] && !held[i]),
                    rows(i -> validate[i] && !held[i]),
                    rows(i -> held[i] || (validate[i] && !attacks[i])));
            double[] benign = chosen(scores, i -> validate[i] && !attacks[i]);
            for (String kind : foldOf.keySet()) {
                double[] attack = chosen(scores, i -> held[i] && kinds.get(i).equals(kind));
                if (attack.length >= LEAST_KIND_ROWS) {
                    auroc.put(kind, auroc(benign, attack));
                    for (int r = 0; r < RATES; r++) {
                        detection[r] += shareFrom(RankingMetrics.thresholdAt(benign, rate(r)), attack);
                    }
                }
            }
        }
        if (auroc.isEmpty()) {
            throw new IllegalArgumentException("no attack kind has the " + LEAST_KIND_ROWS
                    + " rows that it takes to choose a false-alarm rate by unseen kinds: state the rate");
        }
        List<Point> curve = IntStream.range(0, RATES)
                .mapToObj(r -> point(rate(r), detection[r] / auroc.size()))
                .toList();
        return new Outcome(
                curve.stream().max(Comparator.comparingDouble(Point::f1)).orElseThrow(),
                auroc.values().stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow(),
                auroc,
                curve);
    }

    private Point point(double falseAlarmRate, double detectionRate) {
        double share =
                IntStream.range(0, attacks.length).filter(i -> attacks[i]).count() / (double) attacks.length;
        double found = share * detectionRate;
        return new Point(falseAlarmRate, detectionRate, 2 * found / (found + share + (1 - share) * falseAlarmRate));
    }

    private static double rate(int number) {
        return (number + 1) * FINEST_RATE;
    }

    /** Fold of each attack kind. */
    private Map<String, Integer> deal(int folds) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < attacks.length; i++) {
            if (attacks[i]) {
                counts.merge(kinds.get(i), 1, Integer::sum);
            }
        }
        List<String> byCount = counts.keySet().stream()
                .sorted(Comparator.<String>comparingInt(kind -> -counts.get(kind))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        Map<String, Integer> foldOf = new HashMap<>();
        for (int i = 0; i < byCount.size(); i++) {
            foldOf.put(byCount.get(i), i % folds);
        }
        return foldOf;
    }

    private boolean[] rows(IntPredicate which) {
        boolean[] rows = new boolean[attacks.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = which.test(i);
        }
        return rows;
    }

    private static double[] chosen(double[] scores, IntPredicate which) {
        return IntStream.range(0, scores.length)
                .filter(which)
                .mapToDouble(i -> scores[i])
                .toArray();
    }

    private static double shareFrom(double threshold, double[] scores) {
        return Arrays.stream(scores).filter(score -> score >= threshold).count() / (double) scores.length;
    }

    private static double auroc(double[] benign, double[] attack) {
        double[] scores = Arrays.copyOf(benign, benign.length + attack.length);
        System.arraycopy(attack, 0, scores, benign.length, attack.length);
        boolean[] truth = new boolean[scores.length];
        Arrays.fill(truth, benign.length, truth.length, true);
        return RankingMetrics.auroc(scores, truth);
    }
}
