package io.millrace.models.intrusion.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.ModelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class CausalFlowModelTest {

    private static final ModelId ID = new ModelId("test", "1");

    static List<CausalFlowConfig> configs() {
        CausalFlowConfig.Encoding field = CausalFlowConfig.Encoding.FIELD_EMBEDDING;
        CausalFlowConfig.Encoding record = CausalFlowConfig.Encoding.RECORD_DENSE;
        CausalFlowConfig.Activation gelu = CausalFlowConfig.Activation.GELU;
        CausalFlowConfig.Activation relu = CausalFlowConfig.Activation.RELU;
        return List.of(
                new CausalFlowConfig(3, List.of(5, 2), field, 4, 16, 2, 2, 8, 24, 5, 0.1f, 3, 8, true, true, gelu),
                new CausalFlowConfig(4, List.of(3), record, 1, 12, 1, 3, 5, 16, 4, 0.1f, 0, 6, false, true, relu),
                new CausalFlowConfig(2, List.of(3, 3), record, 1, 12, 3, 1, 7, 16, 3, 0.1f, 2, 6, true, false, relu),
                new CausalFlowConfig(6, List.of(), field, 2, 8, 2, 2, 4, 8, 1, 0f, 1, 4, true, false, gelu),
                new CausalFlowConfig(1, List.of(9), field, 2, 8, 2, 2, 4, 8, 8, 0f, 4, 4, true, true, gelu));
    }

    static List<FlowInput> flows(CausalFlowConfig config, int count, Random random) {
        List<FlowInput> flows = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            float[] numeric = new float[config.numeric()];
            for (int i = 0; i < numeric.length; i++) {
                numeric[i] = random.nextFloat();
            }
            int[] ids = new int[config.categorical()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = random.nextInt(config.levels().get(i) + 1);
            }
            flows.add(new FlowInput(numeric, ids));
        }
        return flows;
    }

    /** Outputs of the block on one sequence: logit, kinds, embedding of each flow. */
    static float[][] offline(CausalFlowConfig config, Map<String, HostTensor> weights, List<FlowInput> flows) {
        try (NDManager manager = NDManager.newBaseManager()) {
            CausalFlowTransformer block = new CausalFlowTransformer(config);
            block.load(manager, weights);
            int steps = flows.size();
            NDArray numeric = manager.create(new Shape(1, steps, config.numeric()));
            float[] values = new float[steps * config.numeric()];
            long[] ids = new long[steps * config.categorical()];
            for (int t = 0; t < steps; t++) {
                System.arraycopy(flows.get(t).numeric(), 0, values, t * config.numeric(), config.numeric());
                for (int c = 0; c < config.categorical(); c++) {
                    ids[t * config.categorical() + c] = flows.get(t).categorical()[c];
                }
            }
            numeric.set(values);
            NDList inputs = new NDList(numeric);
            if (config.categorical() > 0) {
                inputs.add(manager.create(ids, new Shape(1, steps, config.categorical())));
            }
            NDList outputs = block.forward(new ParameterStore(manager, false), inputs, false);
            float[] logit = outputs.get(0).toFloatArray();
            float[] kinds = config.kinds() > 0 ? outputs.get(1).toFloatArray() : new float[0];
            float[] embedding = outputs.get(2).toFloatArray();
            float[][] rows = new float[steps][1 + config.kinds() + config.mlpWidth()];
            for (int t = 0; t < steps; t++) {
                rows[t][0] = logit[t];
                System.arraycopy(kinds, t * config.kinds(), rows[t], 1, config.kinds());
                System.arraycopy(embedding, t * config.mlpWidth(), rows[t], 1 + config.kinds(), config.mlpWidth());
            }
            return rows;
        }
    }

    static void assertSame(FlowOutput output, float[] expected, double tolerance) {
        assertThat(output.logit()).isCloseTo(expected[0], within((float) tolerance));
        for (int i = 0; i < output.kindLogits().length; i++) {
            assertThat(output.kindLogits()[i]).isCloseTo(expected[1 + i], within((float) tolerance));
        }
        for (int i = 0; i < output.embedding().length; i++) {
            assertThat(output.embedding()[i])
                    .isCloseTo(expected[1 + output.kindLogits().length + i], within((float) tolerance));
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void streamingGivesWhatTheBlockGivesOnTheWholeSequence(CausalFlowConfig config) {
        Map<String, HostTensor> weights = CausalFlowWeights.random(config, 7);
        int keys = 3;
        int steps = 5 * config.window();
        Random random = new Random(11);
        List<List<FlowInput>> sequences = new ArrayList<>();
        List<float[][]> expected = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            sequences.add(flows(config, steps, random));
            expected.add(offline(config, weights, sequences.get(key)));
        }
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model = new CausalFlowModel(ID, config, weights, Device.cpu());
                DenseStateBatch states = new DenseStateBatch(model.stateSpec(), keys, manager)) {
            for (int t = 0; t < steps; t++) {
                int now = t;
                List<FlowOutput> outputs =
                        model.step(sequences.stream().map(s -> s.get(now)).toList(), states);
                states.commit();
                for (int key = 0; key < keys; key++) {
                    assertSame(outputs.get(key), expected.get(key)[t], 1e-5);
                    assertAttention(outputs.get(key).attention(), Math.min(t + 1, config.window()));
                }
            }
        }
    }

    private static void assertAttention(float[] attention, int flows) {
        float sum = 0;
        for (int age = 0; age < attention.length; age++) {
            if (age >= flows) {
                assertThat(attention[age]).isZero();
            }
            sum += attention[age];
        }
        assertThat(sum).isCloseTo(1f, within(1e-5f));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void recomputingTheReceptiveFieldGivesWhatTheCacheGives(CausalFlowConfig config) {
        Map<String, HostTensor> weights = CausalFlowWeights.random(config, 3);
        int reach = config.layers() * (config.window() - 1) + 1;
        List<FlowInput> flows = flows(config, reach + 2 * config.window(), new Random(5));
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model = new CausalFlowModel(ID, config, weights, Device.cpu());
                DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 1, manager)) {
            FlowOutput last = null;
            for (FlowInput flow : flows) {
                last = model.step(List.of(flow), states).get(0);
                states.commit();
            }
            float[][] recomputed = offline(config, weights, flows.subList(flows.size() - reach, flows.size()));
            assertSame(last, recomputed[reach - 1], 1e-4);
        }
    }

    @Test
    void leavesNoArrayBehindOverThousandsOfSteps() {
        CausalFlowConfig config = configs().get(0);
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model = new CausalFlowModel(
                        ID,
                        config,
                        CausalFlowWeights.random(config, 1),
                        flows(config, 1, new Random(1)).get(0),
                        -100f,
                        Device.cpu());
                DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 2, manager)) {
            List<FlowInput> inputs = flows(config, 2, new Random(2));
            int before = -1;
            for (int i = 0; i < 1000; i++) {
                model.step(inputs, states);
                states.commit();
                if (i == 10) {
                    before = LiveArrays.below(manager);
                }
            }
            assertThat(LiveArrays.below(manager)).isEqualTo(before);
        }
    }

    @Test
    void refusesInputsOfAnotherWidth() {
        CausalFlowConfig config = configs().get(0);
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model =
                        new CausalFlowModel(ID, config, CausalFlowWeights.random(config, 1), Device.cpu());
                DenseStateBatch states = new DenseStateBatch(model.stateSpec(), 1, manager)) {
            assertThatThrownBy(() -> model.step(List.of(new FlowInput(new float[1], new int[2])), states))
                    .hasMessageContaining("takes 3 numeric and 2 categorical");
        }
    }
}
