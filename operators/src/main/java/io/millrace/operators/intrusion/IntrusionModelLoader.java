package io.millrace.operators.intrusion;

import ai.djl.Device;
import io.millrace.models.card.ModelKind;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.operators.inference.FolderModelLoader;
import io.millrace.operators.inference.ModelReference;

/** Loads intrusion models of one profile; a model of another is refused. */
public final class IntrusionModelLoader
        extends FolderModelLoader<IntrusionModel, ObservedFlow, Judgement, JudgingModel> {

    private final FlowProfile profile;

    public IntrusionModelLoader(FlowProfile profile) {
        this.profile = profile;
    }

    @Override
    protected ModelKind<IntrusionModel> kind() {
        return IntrusionModel.KIND;
    }

    @Override
    protected void check(ModelReference reference, IntrusionModel model) {
        if (model.profile() != profile) {
            throw new IllegalArgumentException(reference.id() + " is made for flows of profile "
                    + model.profile().id() + ", the job gives it profile " + profile.id());
        }
    }

    @Override
    protected JudgingModel open(IntrusionModel model, Device device) {
        return new JudgingModel(model.id(), model, model.streaming(device));
    }

    @Override
    protected JudgingModel share(JudgingModel model) {
        return model.share();
    }
}
