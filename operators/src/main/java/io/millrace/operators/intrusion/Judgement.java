package io.millrace.operators.intrusion;

import java.util.List;

import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.intrusion.network.FlowOutput;

/**
 * Output of a {@link JudgingModel}.
 *
 * @param output what the network said
 * @param probability calibrated probability of attack, 0 to 1
 * @param threshold probability from which the flow counts as attack
 * @param kind kind of attack; null for a benign flow
 * @param fields fields that told most, strongest first; empty unless the network explained the flow
 * @param input what the network saw
 * @param featuresSha256 SHA-256 of the feature specification
 */
public record Judgement(
        FlowOutput output,
        double probability,
        double threshold,
        String kind,
        List<Field> fields,
        FlowInput input,
        String featuresSha256) {

    /** A field with its value and what it added to the logit. */
    public record Field(String name, String value, double contribution) {}

    /** Whether the flow counts as attack. */
    public boolean isAttack() {
        return probability >= threshold;
    }
}
