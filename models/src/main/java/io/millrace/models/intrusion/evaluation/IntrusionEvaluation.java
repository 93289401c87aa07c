package io.millrace.models.intrusion.evaluation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.models.evaluation.RankingMetrics;

/**
 * How a model did on labelled flows.
 *
 * @param rows flows judged
 * @param auroc area under the receiver operating characteristic
 * @param averagePrecision average precision
 * @param f1 F1 of attack at the threshold
 * @param balancedAccuracy mean of detection rate and 1 - false-alarm rate
 * @param detectionRate share of attacks flagged
 * @param falseAlarmRate share of benign flows flagged
 * @param macroF1 mean F1 over the kinds, benign among them
 * @param threshold calibrated probability from which a flow was flagged
 * @param flowsPerSecond features and network together
 * @param perKind for each kind that occurs, benign among them: flows of it and how many of them were flagged
 */
public record IntrusionEvaluation(
        @JsonProperty("rows") long rows,
        @JsonProperty("auroc") double auroc,
        @JsonProperty("average_precision") double averagePrecision,
        @JsonProperty("f1") double f1,
        @JsonProperty("balanced_accuracy") double balancedAccuracy,
        @JsonProperty("detection_rate") double detectionRate,
        @JsonProperty("false_alarm_rate") double falseAlarmRate,
        @JsonProperty("macro_f1") double macroF1,
        @JsonProperty("threshold") double threshold,
        @JsonProperty("flows_per_second") double flowsPerSecond,
        @JsonProperty("per_kind") Map<String, Kind> perKind) {

    /**
     * Flows of one kind.
     *
     * @param rows flows
     * @param detected those flagged as attack, of whatever kind
     */
    public record Kind(
            @JsonProperty("rows") long rows,
            @JsonProperty("detected") long detected) {}

    /**
     * Computes the metrics.
     *
     * @param probabilities calibrated probability of each flow
     * @param attacks truth
     * @param kinds true kind of each flow
     * @param predicted predicted kind of each flow
     * @param seconds time that judging took
     */
    public static IntrusionEvaluation of(
            double[] probabilities,
            boolean[] attacks,
            List<String> kinds,
            List<String> predicted,
            double threshold,
            double seconds) {
        DetectionMetrics at = DetectionMetrics.at(threshold, probabilities, attacks);
        return new IntrusionEvaluation(
                probabilities.length,
                RankingMetrics.auroc(probabilities, attacks),
                RankingMetrics.averagePrecision(probabilities, attacks),
                at.f1(),
                at.balancedAccuracy(),
                at.detectionRate(),
                at.falseAlarmRate(),
                DetectionMetrics.macroF1(kinds, predicted),
                threshold,
                probabilities.length / Math.max(1e-9, seconds),
                perKind(probabilities, kinds, threshold));
    }

    private static Map<String, Kind> perKind(double[] probabilities, List<String> kinds, double threshold) {
        Map<String, Kind> perKind = new TreeMap<>();
        for (int i = 0; i < probabilities.length; i++) {
            perKind.merge(
                    kinds.get(i),
                    new Kind(1, probabilities[i] >= threshold ? 1 : 0),
                    (a, b) -> new Kind(a.rows + b.rows, a.detected + b.detected));
        }
        return perKind;
    }
}
