package io.millrace.operators.intrusion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.DoubleStream;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.evaluation.PlattCalibration;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.KeyHistory;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.intrusion.network.FlowOutput;
import io.millrace.models.streaming.DenseStateBatch;
import io.millrace.models.streaming.ModelId;
import io.millrace.operators.intrusion.SmallModels.Says;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class JudgingModelTest {

    private static final PlattCalibration AS_IT_IS = PlattCalibration.IDENTITY;

    @TempDir
    Path folder;

    private static ObservedFlow flow(long seed) {
        Random random = new Random(seed);
        return new ObservedFlow(SmallModels.row(random), SmallModels.history(random));
    }

    private static JudgingModel judging(IntrusionModel model) {
        return new JudgingModel(model.id(), model, model.streaming(Device.cpu()));
    }

    /** Judgements of the flows of one key, one after the other. */
    private static List<Judgement> judge(IntrusionModel model, ObservedFlow... flows) {
        try (NDManager manager = NDManager.newBaseManager();
                JudgingModel judging = judging(model);
                DenseStateBatch states = new DenseStateBatch(judging.stateSpec(), 1, manager)) {
            List<Judgement> judgements = new ArrayList<>();
            for (ObservedFlow flow : flows) {
                judgements.addAll(judging.step(List.of(flow), states));
                states.commit();
            }
            return judgements;
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5, true", "-0.0001, 0.5, false", "0.0001, 0.5, true", "-20, 0, true", "20, 1, false"})
    void aFlowIsAnAttackFromTheThresholdOn(double logit, double threshold, boolean attack) throws Exception {
        Judgement judgement = judge(SmallModels.constant(folder, new Says(logit), AS_IT_IS, threshold), flow(1))
                .get(0);
        assertThat(judgement.output().logit()).isEqualTo((float) logit);
        assertThat(judgement.threshold()).isEqualTo(threshold);
        assertThat(judgement.isAttack()).isEqualTo(attack);
        assertThat(judgement.kind()).isEqualTo(attack ? "anomaly" : null);
    }

    @Test
    void theProbabilityIsCalibrated() throws Exception {
        IntrusionModel model =
                SmallModels.constant(folder, new Says(0.5), new PlattCalibration(2, Math.log(3) - 1), 0.75);
        Judgement judgement = judge(model, flow(1)).get(0);
        assertThat(judgement.probability()).as("odds of three to one").isCloseTo(0.75, within(1e-12));
        assertThat(judgement.output().logit()).as("raw").isEqualTo(0.5f);
    }

    @Test
    void theKindIsTheLikeliestOfTheModels() throws Exception {
        String[] kinds = {"beaconing", "scan", "exploit"};
        assertThat(judge(SmallModels.constant(folder, new Says(5, -3, 1.5, 1), AS_IT_IS, 0.5, kinds), flow(1))
                        .get(0)
                        .kind())
                .isEqualTo("scan");
        assertThat(judge(SmallModels.constant(folder, new Says(5, -3, -2, -1), AS_IT_IS, 0.5, kinds), flow(1))
                        .get(0)
                        .kind())
                .isEqualTo("exploit");
        assertThat(judge(SmallModels.constant(folder, new Says(-5, -3, 1.5, 1), AS_IT_IS, 0.5, kinds), flow(1))
                        .get(0)
                        .kind())
                .as("of a benign flow")
                .isNull();
    }

    @Test
    void aJudgementHoldsWhatTheNetworkSawAndSaid() throws Exception {
        IntrusionModel model = SmallModels.suspicious(folder, "3");
        ObservedFlow flow = flow(1);
        Judgement judgement = judge(model, flow).get(0);
        assertThat(judgement.input().numeric())
                .isEqualTo(
                        SmallModels.FEATURES.encode(flow.row(), flow.history()).numeric());
        assertThat(judgement.featuresSha256()).isEqualTo(SmallModels.FEATURES.sha256());
        assertThat(judgement.output().embedding()).hasSize(4);
        assertThat(judgement.output().attention()).containsExactly(1, 0, 0, 0);
        try (JudgingModel judging = new JudgingModel(new ModelId("x", "9"), model, model.streaming(Device.cpu()))) {
            assertThat(judging.id()).isEqualTo(new ModelId("x", "9"));
            assertThat(judging.device()).isEqualTo(Device.cpu());
            assertThat(judging.stateSpec().isStateless()).isFalse();
        }
    }

    @Test
    void eachFlowOfABatchGetsTheJudgementThatItGetsAlone() throws Exception {
        IntrusionModel model = SmallModels.suspicious(folder, "3");
        List<ObservedFlow> flows = List.of(flow(1), flow(2), flow(3));
        try (NDManager manager = NDManager.newBaseManager();
                JudgingModel judging = judging(model);
                DenseStateBatch states = new DenseStateBatch(judging.stateSpec(), 3, manager)) {
            List<Judgement> together = judging.step(flows, states);
            assertThat(together).hasSize(3);
            for (int i = 0; i < 3; i++) {
                Judgement alone = judge(model, flows.get(i)).get(0);
                assertThat(together.get(i).output().logit())
                        .isCloseTo(alone.output().logit(), within(1e-5f));
                assertThat(together.get(i).kind()).isEqualTo(alone.kind());
                assertThat(together.get(i).fields())
                        .extracting(Judgement.Field::name)
                        .isEqualTo(alone.fields().stream()
                                .map(Judgement.Field::name)
                                .toList());
            }
        }
    }

    /** What the network says of each of some flows, were it the first of its host. */
    private static List<FlowOutput> outputs(IntrusionModel model, List<FlowInput> inputs) {
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel network = model.streaming(Device.cpu());
                DenseStateBatch states = new DenseStateBatch(network.stateSpec(), inputs.size(), manager)) {
            return network.step(inputs, states);
        }
    }

    @Test
    void evidenceIsTheFieldsWhoseTypicalValueLowersTheScoreMost() throws Exception {
        IntrusionModel model = SmallModels.suspicious(folder, "3");
        FlowInput typical = model.decision().typical();
        ObservedFlow flow = flow(1);
        FlowInput input = SmallModels.FEATURES.encode(flow.row(), flow.history());
        List<String> names = new ArrayList<>(SmallModels.PROFILE.numericFields());
        names.addAll(KeyHistory.FEATURES);
        names.addAll(SmallModels.PROFILE.categoricalFields());
        List<String> values = new ArrayList<>();
        DoubleStream.concat(Arrays.stream(flow.row().numeric()), Arrays.stream(flow.history()))
                .forEach(value -> values.add(String.format(Locale.ROOT, "%.4g", value)));
        values.addAll(List.of(flow.row().categorical()));
        List<FlowInput> inputs = new ArrayList<>();
        for (int i = 0; i < input.numeric().length; i++) {
            float[] numeric = input.numeric().clone();
            numeric[i] = typical.numeric()[i];
            inputs.add(new FlowInput(numeric, input.categorical()));
        }
        for (int i = 0; i < input.categorical().length; i++) {
            int[] ids = input.categorical().clone();
            ids[i] = typical.categorical()[i];
            inputs.add(new FlowInput(input.numeric(), ids));
        }
        assertThat(inputs).as("one a field").hasSameSizeAs(names).hasSameSizeAs(values);
        inputs.add(input);
        List<FlowOutput> outputs = outputs(model, inputs);
        float whole = outputs.get(names.size()).logit();
        List<Judgement.Field> expected = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            double contribution = whole - outputs.get(i).logit();
            expected.add(new Judgement.Field(names.get(i), values.get(i), contribution));
        }
        expected.sort(Comparator.comparingDouble((Judgement.Field field) -> -field.contribution()));
        assertThat(expected.get(4).contribution())
                .as("five that speak for an attack")
                .isPositive();

        List<Judgement.Field> fields = judge(model, flow).get(0).fields();

        assertThat(fields).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(fields.get(i).name()).isEqualTo(expected.get(i).name());
            assertThat(fields.get(i).value()).isEqualTo(expected.get(i).value());
            assertThat(fields.get(i).contribution()).isCloseTo(expected.get(i).contribution(), within(1e-4));
        }
    }

    @Test
    void aMissingValueIsNamedSo() throws Exception {
        IntrusionModel model = SmallModels.suspicious(folder, "3");
        ObservedFlow flow = flow(1);
        Arrays.fill(flow.row().numeric(), Double.NaN);
        Arrays.fill(flow.history(), Double.NaN);
        List<Judgement.Field> fields = judge(model, flow).get(0).fields().stream()
                .filter(field -> !SmallModels.PROFILE.categoricalFields().contains(field.name()))
                .toList();
        assertThat(fields).isNotEmpty().extracting(Judgement.Field::value).containsOnly("missing");
    }

    @Test
    void anAttackThatTheNetworkDidNotExplainNamesNoFields() throws Exception {
        IntrusionModel model = SmallModels.suspicious(folder, "3");
        List<Judgement> judgements = judge(model, flow(1), flow(2), flow(3), flow(4), flow(5));
        assertThat(judgements).allMatch(Judgement::isAttack);
        assertThat(judgements)
                .extracting(judgement -> !judgement.fields().isEmpty())
                .as("the first, second, fourth flow of a host that stays suspicious")
                .containsExactly(true, true, false, true, false);
    }

    @Test
    void aFlowOfAnotherProfileIsRefusedAndLeavesTheStateAsItWas() throws Exception {
        FlowRow wide = new FlowRow(new double[13], new String[] {"6"}, null, false, FlowRow.BENIGN);
        IntrusionModel model = SmallModels.suspicious(folder, "3");
        try (NDManager manager = NDManager.newBaseManager();
                JudgingModel judging = judging(model);
                DenseStateBatch states = new DenseStateBatch(judging.stateSpec(), 1, manager)) {
            assertThatThrownBy(() -> judging.step(List.of(new ObservedFlow(wide, KeyHistory.unknown())), states))
                    .isInstanceOf(RuntimeException.class);
            states.commit();
            float after = judging.step(List.of(flow(1)), states).get(0).output().logit();
            assertThat(after).isEqualTo(judge(model, flow(1)).get(0).output().logit());
        }
    }

    private static Judgement of(double probability, List<Judgement.Field> fields, FlowOutput output) {
        return new Judgement(output, probability, 0.5, "scan", fields, new FlowInput(new float[0], new int[0]), "");
    }

    private static FlowOutput output(float logit, float kind, float embedding, float attention) {
        return new FlowOutput(
                logit, new float[] {0, kind}, new float[] {embedding, 0}, new float[] {1, attention}, null);
    }

    @Test
    void aJudgementWithANumberThatIsNotFiniteIsToldApart() throws Exception {
        List<Judgement.Field> fields = List.of(new Judgement.Field("bytes_out", "1", 2));
        try (JudgingModel judging = judging(SmallModels.suspicious(folder, "3"))) {
            assertThat(judging.isFinite(of(0.9, fields, output(1, 1, 1, 1)))).isTrue();
            for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                assertThat(judging.isFinite(of(0.9, fields, output(odd, 1, 1, 1))))
                        .as("logit")
                        .isFalse();
                assertThat(judging.isFinite(of(0.9, fields, output(1, odd, 1, 1))))
                        .as("kind")
                        .isFalse();
                assertThat(judging.isFinite(of(0.9, fields, output(1, 1, odd, 1))))
                        .as("embedding")
                        .isFalse();
                assertThat(judging.isFinite(of(0.9, fields, output(1, 1, 1, odd))))
                        .as("attention")
                        .isFalse();
                assertThat(judging.isFinite(of(odd, fields, output(1, 1, 1, 1))))
                        .as("probability")
                        .isFalse();
                assertThat(judging.isFinite(
                                of(0.9, List.of(new Judgement.Field("bytes_out", "1", odd)), output(1, 1, 1, 1))))
                        .as("contribution")
                        .isFalse();
            }
        }
    }
}
