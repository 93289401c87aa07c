package io.millrace.models.intrusion.comparison;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How one combination did on the test windows, at a probability of one half.
 *
 * @param combination what was trained
 * @param parameters trained values
 * @param f1 F1 of attack
 * @param auroc area under the receiver operating characteristic
 * @param detectionRate share of attacks flagged
 * @param falseAlarmRate share of benign flows flagged
 * @param flowsPerSecond windows judged a second, on one thread of the processor
 */
public record CombinationResult(
        @JsonProperty("combination") Combination combination,
        @JsonProperty("parameters") long parameters,
        @JsonProperty("f1") double f1,
        @JsonProperty("auroc") double auroc,
        @JsonProperty("detection_rate") double detectionRate,
        @JsonProperty("false_alarm_rate") double falseAlarmRate,
        @JsonProperty("flows_per_second") double flowsPerSecond) {}
