package io.millrace.models.intrusion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.card.ModelCard;
import io.millrace.models.card.ModelFolder;
import io.millrace.models.card.ModelKind;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.intrusion.network.CausalFlowTransformer;
import io.millrace.models.streaming.ModelId;

/**
 * A trained intrusion model: weights, features, calibration, threshold and kinds; a {@link ModelFolder} of which {@code
 * features.json} is part.
 *
 * <p>Immutable; threads may share it. The networks made of it are not to be shared.
 */
public final class IntrusionModel {

    /** Kind of network in the card. */
    public static final String ARCHITECTURE = "causal-flow-transformer";

    private static final String FEATURES = "features.json";

    /** Models of this kind; the one that ships judges flows of the core profile. */
    public static final ModelKind<IntrusionModel> KIND =
            new ModelKind<>(IntrusionModel.class, "/io/millrace/models/intrusion/default", IntrusionModel::new);

    private final ModelCard card;
    private final CausalFlowConfig config;
    private final IntrusionDecision decision;
    private final FeatureSpec features;
    private final Map<String, HostTensor> weights;
    private final String digest;

    private IntrusionModel(ModelFolder folder) throws IOException {
        this.card = folder.card(ARCHITECTURE);
        this.config = card.networkAs(CausalFlowConfig.class);
        this.decision = card.decisionAs(IntrusionDecision.class);
        this.features = FeatureSpec.fromJson(folder.file(FEATURES));
        this.weights = folder.weights();
        this.digest = folder.digest();
    }

    /**
     * Writes a model directory; the files of an earlier model there are replaced.
     *
     * @param version version; empty for the beginning of the hash of the weights
     */
    public static ModelCard write(
            Path directory,
            String name,
            String version,
            CausalFlowConfig config,
            IntrusionDecision decision,
            ModelCard.Training training,
            FeatureSpec features,
            Map<String, HostTensor> weights)
            throws IOException {
        ModelCard.Draft card = ModelCard.draft(
                name,
                version,
                "Causal FlowTransformer that judges flows of profile " + decision.profile()
                        + " in the light of the flows of the same source host before them.",
                ARCHITECTURE,
                config,
                decision,
                training);
        return ModelFolder.write(directory, card, weights, Map.of(FEATURES, features.toJson()));
    }

    /** SHA-256 of the card, which holds the digests of all other files: it tells this model from every other. */
    public String digest() {
        return digest;
    }

    public ModelCard card() {
        return card;
    }

    /** What makes judgements of outputs. */
    public IntrusionDecision decision() {
        return decision;
    }

    public FeatureSpec features() {
        return features;
    }

    /** Name and version, as every detection carries them. */
    public ModelId id() {
        return card.id();
    }

    /** Profile of the flows that the model judges. */
    public FlowProfile profile() {
        return FlowProfile.of(decision.profile());
    }

    /** Calibrated probability of attack. */
    public double probability(double logit) {
        return decision.calibration().probability(logit);
    }

    /** Probability from which a flow counts as attack. */
    public double threshold() {
        return decision.threshold();
    }

    /** Names of the kinds of attack, in the order of the network's outputs. */
    public List<String> kinds() {
        return decision.kinds();
    }

    /**
     * The network flow by flow, for a streaming job. It explains flows from the threshold on.
     *
     * @param device device of its steps
     */
    public CausalFlowModel streaming(Device device) {
        double probability = Math.min(Math.max(threshold(), 1e-12), 1 - 1e-12);
        float explain = (float) decision.calibration().logit(probability);
        return new CausalFlowModel(id(), config, weights, decision.typical(), explain, device);
    }

    /** The network over whole sequences, for evaluation. */
    public CausalFlowTransformer network(NDManager manager) {
        CausalFlowTransformer network = new CausalFlowTransformer(config);
        network.load(manager, weights);
        return network;
    }
}
