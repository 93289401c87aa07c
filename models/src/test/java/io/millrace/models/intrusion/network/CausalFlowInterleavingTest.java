package io.millrace.models.intrusion.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.streaming.ModelId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CausalFlowInterleavingTest {

    private static final ModelId ID = new ModelId("test", "1");

    /** Any order of keys of unequal length in batches of any size gives each key what it gets alone. */
    @Property(tries = 8)
    void keysDoNotFeelEachOther(@ForAll @IntRange(max = 4) int which, @ForAll long seed) {
        CausalFlowConfig config = CausalFlowModelTest.configs().get(which);
        Map<String, HostTensor> weights = CausalFlowWeights.random(config, seed);
        Random random = new Random(seed);
        int keys = 2 + random.nextInt(6);
        List<List<FlowInput>> flows = new ArrayList<>();
        List<float[][]> expected = new ArrayList<>();
        for (int key = 0; key < keys; key++) {
            flows.add(CausalFlowModelTest.flows(config, 1 + random.nextInt(3 * config.window() + 1), random));
            expected.add(CausalFlowModelTest.offline(config, weights, flows.get(key)));
        }
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model = new CausalFlowModel(ID, config, weights, Device.cpu());
                KeyedArena arena = new KeyedArena(model.stateSpec(), keys, manager)) {
            int[] next = new int[keys];
            while (true) {
                List<Integer> batch = new ArrayList<>();
                for (int key = 0; key < keys; key++) {
                    if (next[key] < flows.get(key).size() && random.nextBoolean()) {
                        batch.add(random.nextInt(batch.size() + 1), key);
                    }
                }
                if (batch.isEmpty()) {
                    boolean done = true;
                    for (int key = 0; key < keys; key++) {
                        done &= next[key] == flows.get(key).size();
                    }
                    if (done) {
                        return;
                    }
                    continue;
                }
                long[] slots = batch.stream().mapToLong(Integer::longValue).toArray();
                try (KeyedArena.Batch states = arena.batch(slots)) {
                    List<FlowOutput> outputs = model.step(
                            batch.stream()
                                    .map(key -> flows.get(key).get(next[key]))
                                    .toList(),
                            states);
                    states.commit();
                    for (int i = 0; i < slots.length; i++) {
                        int key = batch.get(i);
                        CausalFlowModelTest.assertSame(outputs.get(i), expected.get(key)[next[key]], 1e-4);
                        next[key]++;
                    }
                }
            }
        }
    }

    @Test
    void givesTheSameBitsWhenRepeated() {
        CausalFlowConfig config = CausalFlowModelTest.configs().get(0);
        assertThat(logits(config, 9)).isEqualTo(logits(config, 9));
    }

    private static List<Float> logits(CausalFlowConfig config, long seed) {
        List<FlowInput> flows = CausalFlowModelTest.flows(config, 40, new Random(seed));
        List<Float> logits = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model =
                        new CausalFlowModel(ID, config, CausalFlowWeights.random(config, seed), Device.cpu());
                KeyedArena arena = new KeyedArena(model.stateSpec(), 2, manager)) {
            for (int i = 0; i < flows.size(); i += 2) {
                try (KeyedArena.Batch states = arena.batch(0, 1)) {
                    model.step(flows.subList(i, i + 2), states).forEach(output -> logits.add(output.logit()));
                    states.commit();
                }
            }
        }
        return logits;
    }

    @Test
    void aStepThatIsNotCommittedChangesNothing() {
        CausalFlowConfig config = CausalFlowModelTest.configs().get(0);
        // Two flows: a window of one flow alone, however often, attends to equal values and judges it as at first.
        List<FlowInput> flows = CausalFlowModelTest.flows(config, 2, new Random(1));
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model =
                        new CausalFlowModel(ID, config, CausalFlowWeights.random(config, 2), Device.cpu());
                KeyedArena arena = new KeyedArena(model.stateSpec(), 1, manager)) {
            float first = stepOnce(model, arena, flows.get(0), false).logit();
            stepOnce(model, arena, flows.get(1), false);
            assertThat(stepOnce(model, arena, flows.get(0), false).logit()).isCloseTo(first, within(1e-5f));
            stepOnce(model, arena, flows.get(1), true);
            assertThat(stepOnce(model, arena, flows.get(0), false).logit()).isNotCloseTo(first, within(1e-3f));
        }
    }

    private static FlowOutput stepOnce(CausalFlowModel model, KeyedArena arena, FlowInput flow, boolean commit) {
        try (KeyedArena.Batch states = arena.batch(0)) {
            FlowOutput output = model.step(List.of(flow), states).get(0);
            if (commit) {
                states.commit();
            }
            return output;
        }
    }

    @Test
    void explainsTheOnsetAndThenAtPowersOfTwo() {
        CausalFlowConfig config = CausalFlowModelTest.configs().get(0);
        FlowInput typical = CausalFlowModelTest.flows(config, 1, new Random(8)).get(0);
        List<FlowInput> flows = CausalFlowModelTest.flows(config, 70, new Random(3));
        Map<String, HostTensor> weights = CausalFlowWeights.random(config, 6);
        float[][] offline = CausalFlowModelTest.offline(config, weights, flows);
        float threshold = (float) java.util.Arrays.stream(offline)
                .mapToDouble(row -> row[0])
                .sorted()
                .skip(35)
                .findFirst()
                .orElseThrow();
        int explained = 0;
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model = new CausalFlowModel(ID, config, weights, typical, threshold, Device.cpu());
                KeyedArena arena = new KeyedArena(model.stateSpec(), 1, manager)) {
            float previous = Float.NEGATIVE_INFINITY;
            for (int t = 0; t < flows.size(); t++) {
                FlowOutput output = stepOnce(model, arena, flows.get(t), true);
                boolean due = output.logit() >= threshold && (previous < threshold || Integer.bitCount(t + 1) == 1);
                assertThat(output.fieldContribution() != null).as("flow " + t).isEqualTo(due);
                if (due) {
                    explained++;
                    assertOcclusion(config, weights, flows.subList(0, t + 1), typical, output);
                }
                previous = output.logit();
            }
        }
        assertThat(explained).isBetween(5, 40);
    }

    private static void assertOcclusion(
            CausalFlowConfig config,
            Map<String, HostTensor> weights,
            List<FlowInput> flows,
            FlowInput typical,
            FlowOutput output) {
        List<FlowInput> variants = Occlusion.variants(flows.get(flows.size() - 1), typical);
        assertThat(output.fieldContribution()).hasSize(config.numeric() + config.categorical());
        for (int field = 0; field < variants.size(); field += 2) {
            List<FlowInput> changed = new ArrayList<>(flows);
            changed.set(flows.size() - 1, variants.get(field));
            float occluded = CausalFlowModelTest.offline(config, weights, changed)[flows.size() - 1][0];
            assertThat(output.fieldContribution()[field]).isCloseTo(output.logit() - occluded, within(1e-4f));
        }
    }

    @Test
    void countsALevelOutOfRangeAsNotSeen() {
        CausalFlowConfig config = CausalFlowModelTest.configs().get(0);
        FlowInput unseen = new FlowInput(new float[] {.1f, .2f, .3f}, new int[] {0, 0});
        FlowInput wild = new FlowInput(new float[] {.1f, .2f, .3f}, new int[] {99, -1});
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model =
                        new CausalFlowModel(ID, config, CausalFlowWeights.random(config, 2), Device.cpu());
                KeyedArena arena = new KeyedArena(model.stateSpec(), 1, manager)) {
            assertThat(stepOnce(model, arena, wild, false).logit())
                    .isEqualTo(stepOnce(model, arena, unseen, false).logit());
        }
    }

    @Test
    void weightsAreSharedUntilTheLastInstanceCloses() {
        CausalFlowConfig config = CausalFlowModelTest.configs().get(0);
        FlowInput flow = CausalFlowModelTest.flows(config, 1, new Random(1)).get(0);
        CausalFlowModel first = new CausalFlowModel(ID, config, CausalFlowWeights.random(config, 2), Device.cpu());
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel second = first.share();
                KeyedArena arena = new KeyedArena(second.stateSpec(), 1, manager)) {
            first.close();
            assertThat(second.isFinite(stepOnce(second, arena, flow, true))).isTrue();
        }
    }

    @Test
    void saysWhenAnOutputIsNotFinite() {
        CausalFlowConfig config = CausalFlowModelTest.configs().get(0);
        FlowInput poison = new FlowInput(new float[] {Float.NaN, 0, 0}, new int[] {0, 0});
        try (NDManager manager = NDManager.newBaseManager();
                CausalFlowModel model =
                        new CausalFlowModel(ID, config, CausalFlowWeights.random(config, 2), Device.cpu());
                KeyedArena arena = new KeyedArena(model.stateSpec(), 1, manager)) {
            assertThat(model.isFinite(stepOnce(model, arena, poison, false))).isFalse();
        }
    }
}
