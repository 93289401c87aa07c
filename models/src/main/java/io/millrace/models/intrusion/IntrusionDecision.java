package io.millrace.models.intrusion;

import java.util.List;

import io.millrace.models.evaluation.PlattCalibration;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * What makes judgements of the outputs of an intrusion model's network, as its card holds it.
 *
 * @param profile id of the {@link FlowProfile}
 * @param kinds names of the kinds of attack, in the order of the network's outputs
 * @param calibration from logit to probability
 * @param threshold calibrated probability from which a flow counts as attack
 * @param falseAlarmRate share of benign validation flows that the threshold was set for
 * @param typical median flow, against which fields are weighed when a flow is explained
 */
public record IntrusionDecision(
        String profile,
        List<String> kinds,
        PlattCalibration calibration,
        double threshold,
        double falseAlarmRate,
        FlowInput typical) {}
