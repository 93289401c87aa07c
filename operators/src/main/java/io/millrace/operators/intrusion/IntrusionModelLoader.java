package io.millrace.operators.intrusion;

import java.io.IOException;

import ai.djl.Device;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.streaming.StreamingModel;
import io.millrace.operators.inference.ModelFolder;
import io.millrace.operators.inference.ModelLoader;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.SharedModels;

/**
 * Loads intrusion models from their directories, or the shipped one. Subtasks of a process share one copy of a
 * version's weights; the last to close it frees it.
 */
public final class IntrusionModelLoader implements ModelLoader<ObservedFlow, Judgement> {

    /** Location of the shipped model. */
    public static final String SHIPPED = "default";

    private static final SharedModels<String, CausalFlowModel> SHARED = new SharedModels<>();

    private final FlowProfile profile;

    /** Loads models of one profile; a model of another is refused. */
    public IntrusionModelLoader(FlowProfile profile) {
        this.profile = profile;
    }

    /**
     * The reference of the model at a location.
     *
     * @param location model folder (see {@link ModelFolder}), or {@link #SHIPPED}
     * @throws IOException if there is none
     */
    public static ModelReference referenceTo(String location) throws IOException {
        IntrusionModel model = read(location);
        return new ModelReference(
                model.id().name(), model.id().version(), location, model.card().weightsSha256());
    }

    private static IntrusionModel read(String location) throws IOException {
        if (location.equals(SHIPPED)) {
            return IntrusionModel.shipped();
        }
        try (ModelFolder folder = ModelFolder.open(location)) {
            return IntrusionModel.load(folder.path());
        }
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
        return new JudgingModel(model.id(), model, networkOf(model, device));
    }

    /** Networks are told apart by all that a model is made of: calibration and threshold decide what is explained. */
    private static CausalFlowModel networkOf(IntrusionModel model, Device device) {
        return SHARED.get(model.digest() + '@' + device, CausalFlowModel::share, () -> model.streaming(device));
    }
}
