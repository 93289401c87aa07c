package io.millrace.models.intrusion;

import java.util.List;
import java.util.Map;

import io.millrace.models.evaluation.PlattCalibration;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * The card of an intrusion model: what it is, on what and how it was trained, how it did.
 *
 * @param name name, the same over all versions
 * @param version version
 * @param description one sentence
 * @param profile id of the {@link FlowProfile}
 * @param network sizes
 * @param kinds names of the kinds of attack, in the order of the network's outputs
 * @param calibration from logit to probability
 * @param threshold calibrated probability from which a flow counts as attack
 * @param falseAlarmRate share of benign validation flows that the threshold was set for
 * @param typical median flow, against which fields are weighed when a flow is explained
 * @param featuresSha256 hash of the feature spec
 * @param weightsSha256 hash of the weights file
 * @param data files trained on with their hashes, rows and attacks
 * @param options the training options
 * @param validation metrics on the validation rows at the threshold
 */
public record IntrusionCard(
        String name,
        String version,
        String description,
        String profile,
        CausalFlowConfig network,
        List<String> kinds,
        PlattCalibration calibration,
        double threshold,
        double falseAlarmRate,
        FlowInput typical,
        String featuresSha256,
        String weightsSha256,
        List<Map<String, Object>> data,
        Map<String, Object> options,
        Map<String, Object> validation) {}
