package io.millrace.operators.intrusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import ai.djl.Device;
import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.KeyHistory;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.intrusion.network.FlowOutput;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.streaming.StateSpec;
import io.millrace.models.streaming.StreamingModel;

/**
 * A trained intrusion model as a whole: feature preparation, network, calibration, threshold and kinds. They belong
 * together, so a roll-out changes them together.
 */
public final class JudgingModel implements StreamingModel<ObservedFlow, Judgement> {

    /** Fallback kind of a model that knows no kinds. */
    private static final String ANOMALY = "anomaly";

    private static final int TELLING_FIELDS = 5;

    private final IntrusionModel model;
    private final CausalFlowModel network;
    private final String featuresSha256;
    private final ModelId id;

    /**
     * Wraps a model.
     *
     * @param id name and version that results bear
     * @param model the model
     * @param network its network, owned by this instance
     */
    public JudgingModel(ModelId id, IntrusionModel model, CausalFlowModel network) {
        this.id = id;
        this.model = model;
        this.network = network;
        this.featuresSha256 = model.features().sha256();
    }

    /** Another instance over the same weights, for another thread. */
    JudgingModel share() {
        return new JudgingModel(id, model, network.share());
    }

    @Override
    public ModelId id() {
        return id;
    }

    @Override
    public Device device() {
        return network.device();
    }

    @Override
    public StateSpec stateSpec() {
        return network.stateSpec();
    }

    @Override
    public List<Judgement> step(List<ObservedFlow> flows, StateBatch states) {
        FeatureSpec features = model.features();
        List<FlowInput> inputs = new ArrayList<>(flows.size());
        for (ObservedFlow flow : flows) {
            inputs.add(features.encode(flow.row(), flow.history()));
        }
        List<FlowOutput> outputs = network.step(inputs, states);
        List<Judgement> judgements = new ArrayList<>(flows.size());
        for (int i = 0; i < flows.size(); i++) {
            judgements.add(judge(flows.get(i), inputs.get(i), outputs.get(i)));
        }
        return judgements;
    }

    /** Flows of missing values. */
    @Override
    public List<List<ObservedFlow>> trialInputs() {
        FlowProfile profile = model.profile();
        String[] categories = new String[profile.categoricalFields().size()];
        Arrays.fill(categories, "");
        double[] numbers = new double[profile.numericFields().size()];
        Arrays.fill(numbers, Double.NaN);
        ObservedFlow flow =
                new ObservedFlow(new FlowRow(numbers, categories, null, false, FlowRow.BENIGN), KeyHistory.unknown());
        return List.of(List.of(flow, flow, flow));
    }

    private Judgement judge(ObservedFlow flow, FlowInput input, FlowOutput output) {
        double probability = model.probability(output.logit());
        boolean attack = probability >= model.threshold();
        return new Judgement(
                output,
                probability,
                model.threshold(),
                attack ? kind(output) : null,
                attack && output.fieldContribution() != null ? telling(flow, output.fieldContribution()) : List.of(),
                input,
                featuresSha256);
    }

    private String kind(FlowOutput output) {
        float[] logits = output.kindLogits();
        if (logits.length == 0 || model.kinds().isEmpty()) {
            return ANOMALY;
        }
        int best = 0;
        for (int k = 1; k < logits.length; k++) {
            best = logits[k] > logits[best] ? k : best;
        }
        return model.kinds().get(best);
    }

    private List<Judgement.Field> telling(ObservedFlow flow, float[] contributions) {
        FeatureSpec features = model.features();
        List<Judgement.Field> fields = new ArrayList<>();
        for (FeatureSpec.InputRange range : features.inputRanges()) {
            double sum = 0;
            for (int i = range.from(); i < range.to(); i++) {
                sum += contributions[i];
            }
            fields.add(new Judgement.Field(range.field(), numericValue(flow, range.field()), sum));
        }
        for (int c = 0; c < features.categorical().size(); c++) {
            fields.add(new Judgement.Field(
                    features.categorical().get(c).name(),
                    flow.row().categorical()[c],
                    contributions[features.numericWidth() + c]));
        }
        return fields.stream()
                .filter(field -> field.contribution() > 0)
                .sorted(Comparator.comparingDouble((Judgement.Field field) -> -field.contribution()))
                .limit(TELLING_FIELDS)
                .toList();
    }

    private String numericValue(ObservedFlow flow, String name) {
        List<String> own = model.features().profile().numericFields();
        int at = own.indexOf(name);
        double value = at >= 0 ? flow.row().numeric()[at] : flow.history()[KeyHistory.FEATURES.indexOf(name)];
        return Double.isNaN(value) ? "missing" : String.format(Locale.ROOT, "%.4g", value);
    }

    @Override
    public boolean isFinite(Judgement judgement) {
        return network.isFinite(judgement.output())
                && Double.isFinite(judgement.probability())
                && judgement.fields().stream().allMatch(field -> Double.isFinite(field.contribution()));
    }

    @Override
    public void close() {
        network.close();
    }
}
