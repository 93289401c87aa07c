package io.millrace.operators.intrusion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.KeyHistory;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.ModelLoader;
import io.millrace.operators.inference.ModelReference;

/**
 * Loads intrusion models from their directories, or the shipped one. Subtasks of a process share one copy of a
 * version's weights; the last to close it frees it.
 */
public final class IntrusionModelLoader implements ModelLoader<ObservedFlow, Judgement> {

    /** Location of the shipped model. */
    public static final String SHIPPED = "default";

    private static final Map<String, Shared> SHARED = new HashMap<>();

    private record Shared(IntrusionModel model, CausalFlowModel network) {}

    private final FlowProfile profile;

    /** Loads models of one profile; a model of another is refused. */
    public IntrusionModelLoader(FlowProfile profile) {
        this.profile = profile;
    }

    /**
     * The reference of the model at a location.
     *
     * @param location model directory, or {@link #SHIPPED}
     * @throws IOException if there is none
     */
    public static ModelReference referenceTo(String location) throws IOException {
        IntrusionModel model = read(location);
        return new ModelReference(
                model.id().name(), model.id().version(), location, model.card().weightsSha256());
    }

    private static IntrusionModel read(String location) throws IOException {
        return location.equals(SHIPPED) ? IntrusionModel.shipped() : IntrusionModel.load(Path.of(location));
    }

    @Override
    public StreamingModel<ObservedFlow, Judgement> load(ModelReference reference, Device device) throws Exception {
        IntrusionModel model = read(reference.location());
        if (model.profile() != profile) {
            throw new IllegalArgumentException(reference.id() + " is made for flows of profile "
                    + model.profile().id() + ", the job gives it profile " + profile.id());
        }
        if (!reference.sha256().isEmpty()
                && !reference.sha256().equalsIgnoreCase(model.card().weightsSha256())) {
            throw new IllegalArgumentException("weights at " + reference.location() + " have SHA-256 "
                    + model.card().weightsSha256() + ", the order says " + reference.sha256());
        }
        JudgingModel judging = new JudgingModel(model.id(), model, networkOf(model, device));
        try {
            warm(judging);
            return judging;
        } catch (RuntimeException failure) {
            judging.close();
            throw failure;
        }
    }

    private static CausalFlowModel networkOf(IntrusionModel model, Device device) {
        String key = model.card().weightsSha256() + '@' + device;
        synchronized (SHARED) {
            Shared shared = SHARED.get(key);
            if (shared != null) {
                try {
                    return shared.network().share();
                } catch (IllegalStateException closed) {
                    SHARED.remove(key);
                }
            }
            CausalFlowModel network = model.streaming(device);
            SHARED.put(key, new Shared(model, network));
            return network;
        }
    }

    /** Runs a flow of missing values through the network: what does not work fails here, not in the first batch. */
    private void warm(JudgingModel model) {
        String[] categories = new String[profile.categoricalFields().size()];
        Arrays.fill(categories, "");
        double[] numbers = new double[profile.numericFields().size()];
        Arrays.fill(numbers, Double.NaN);
        ObservedFlow flow =
                new ObservedFlow(new FlowRow(numbers, categories, null, false, FlowRow.BENIGN), KeyHistory.unknown());
        try (NDManager manager = NDManager.newBaseManager(model.device());
                DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 2, manager)) {
            for (int i = 0; i < 3; i++) {
                List<Judgement> judgements = model.step(List.of(flow, flow), states);
                if (!judgements.stream().allMatch(model::isFinite)) {
                    throw new IllegalStateException(model.id() + " gives numbers that are not finite on an empty flow");
                }
                states.commit();
            }
        }
    }
}
