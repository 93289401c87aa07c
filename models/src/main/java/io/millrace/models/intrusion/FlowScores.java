package io.millrace.models.intrusion;

/**
 * What a network said of many flows.
 *
 * @param logits log-odds of attack of each flow, before calibration
 * @param kinds number of the likeliest kind of attack of each flow; -1 for a network without kinds
 */
public record FlowScores(double[] logits, int[] kinds) {}
