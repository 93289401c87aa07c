package io.millrace.models.intrusion.network;

import java.util.ArrayList;
import java.util.List;

/** What a field adds to a logit: the logit less the logit with that field at its typical value. */
final class Occlusion {

    private Occlusion() {}

    /** One variant a field, numeric fields first. */
    static List<FlowInput> variants(FlowInput input, FlowInput typical) {
        List<FlowInput> variants = new ArrayList<>();
        for (int i = 0; i < input.numeric().length; i++) {
            float[] numeric = input.numeric().clone();
            numeric[i] = typical.numeric()[i];
            variants.add(new FlowInput(numeric, input.categorical()));
        }
        for (int i = 0; i < input.categorical().length; i++) {
            int[] categorical = input.categorical().clone();
            categorical[i] = typical.categorical()[i];
            variants.add(new FlowInput(input.numeric(), categorical));
        }
        return variants;
    }

    static float[] contributions(float logit, float[] occluded) {
        float[] contributions = new float[occluded.length];
        for (int i = 0; i < occluded.length; i++) {
            contributions[i] = logit - occluded[i];
        }
        return contributions;
    }
}
