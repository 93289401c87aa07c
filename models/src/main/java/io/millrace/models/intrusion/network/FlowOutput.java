package io.millrace.models.intrusion.network;

/**
 * What the network says of one flow.
 *
 * @param logit log-odds of an attack before calibration
 * @param kindLogits logits over the attack kinds, empty for a network without kinds
 * @param embedding features under the last layer, for drift watching
 * @param attention weight of each flow of the window in the last layer, mean over heads, by age: index 0 is this flow,
 *     1 the flow before; zero where no flow is
 * @param fieldContribution logit less the logit with a field at its typical value, numeric fields first, then
 *     categorical; null unless this flow was explained
 */
public record FlowOutput(
        float logit, float[] kindLogits, float[] embedding, float[] attention, float[] fieldContribution) {}
