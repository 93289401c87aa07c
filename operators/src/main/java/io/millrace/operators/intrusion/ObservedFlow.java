package io.millrace.operators.intrusion;

import io.millrace.models.intrusion.FlowRow;

/**
 * Input of a {@link JudgingModel}: a flow's raw values, whatever a model version makes of them.
 *
 * @param row values of the flow in the order of the profile
 * @param history features of the key's history, in the order of
 *     {@link io.millrace.models.intrusion.KeyHistory#FEATURES}
 */
@SuppressWarnings("ArrayRecordComponent")
public record ObservedFlow(FlowRow row, double[] history) {}
