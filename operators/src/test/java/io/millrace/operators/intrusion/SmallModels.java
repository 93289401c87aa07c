package io.millrace.operators.intrusion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.evaluation.PlattCalibration;
import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.IntrusionDecision;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.KeyHistory;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.CausalFlowWeights;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * Model directories for tests: one small network of the core profile, with the key's history among its inputs. Each
 * numeric field has one input.
 */
final class SmallModels {

    static final FlowProfile PROFILE = FlowProfile.CORE;
    static final FeatureSpec FEATURES = features();

    /** Logits that a {@link #constant} network gives to every flow. */
    record Says(double logit, double... kindLogits) {}

    private SmallModels() {}

    private static FeatureSpec features() {
        Random random = new Random(3);
        List<FlowRow> rows = new ArrayList<>();
        List<double[]> histories = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(row(random));
            histories.add(history(random));
        }
        return FeatureSpec.fit(
                PROFILE, new FeatureSpec.Options(FeatureSpec.Scaling.LOG, 16, true, 1, List.of()), rows, histories);
    }

    /** A flow of values that are all present, 0 to 1000. */
    static FlowRow row(Random random) {
        double[] numeric =
                random.doubles(PROFILE.numericFields().size(), 0, 1_000).toArray();
        String[] categorical = new String[PROFILE.categoricalFields().size()];
        for (int i = 0; i < categorical.length; i++) {
            categorical[i] = "level-" + random.nextInt(3);
        }
        return new FlowRow(numeric, categorical, null, false, FlowRow.BENIGN);
    }

    static double[] history(Random random) {
        return random.doubles(KeyHistory.FEATURES.size(), 0, 1_000).toArray();
    }

    private static CausalFlowConfig config(int kinds) {
        return new CausalFlowConfig(
                FEATURES.numericWidth(),
                FEATURES.levels(),
                CausalFlowConfig.Encoding.FIELD_EMBEDDING,
                2,
                8,
                1,
                1,
                4,
                8,
                4,
                0,
                kinds,
                4,
                true,
                true,
                CausalFlowConfig.Activation.GELU);
    }

    /** A network that says the same of every flow. */
    static IntrusionModel constant(
            Path folder, Says says, PlattCalibration calibration, double threshold, String... kinds)
            throws IOException {
        CausalFlowConfig config = config(says.kindLogits().length);
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        config.parameterShapes()
                .forEach((name, shape) ->
                        weights.put(name, HostTensor.of(new float[(int) shape.size()], shape.getShape())));
        float[] output = new float[1 + says.kindLogits().length];
        output[0] = (float) says.logit();
        for (int k = 0; k < says.kindLogits().length; k++) {
            output[1 + k] = (float) says.kindLogits()[k];
        }
        weights.put("output.bias", HostTensor.of(output, output.length));
        return written(folder, config, calibration, threshold, List.of(kinds), weights, "1");
    }

    /** A network of random weights that takes every flow for an attack. */
    static IntrusionModel suspicious(Path folder, String version) throws IOException {
        CausalFlowConfig config = config(2);
        return written(
                folder,
                config,
                PlattCalibration.IDENTITY,
                1e-9,
                List.of("scan", "exploit"),
                CausalFlowWeights.random(config, version.hashCode()),
                version);
    }

    private static IntrusionModel written(
            Path folder,
            CausalFlowConfig config,
            PlattCalibration calibration,
            double threshold,
            List<String> kinds,
            Map<String, HostTensor> weights,
            String version)
            throws IOException {
        float[] typical = new float[config.numeric()];
        Arrays.fill(typical, 0.5f);
        IntrusionDecision decision = new IntrusionDecision(
                PROFILE.id(),
                kinds,
                calibration,
                threshold,
                0.001,
                new FlowInput(typical, new int[config.categorical()]));
        IntrusionModel.write(folder, "small", version, config, decision, null, FEATURES, weights);
        return IntrusionModel.KIND.load(folder);
    }
}
