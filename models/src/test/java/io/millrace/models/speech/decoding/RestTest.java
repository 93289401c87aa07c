package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.ConvolutionNorm;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A frame that says a word to a prediction network before a first token, and nothing to one after it: such is the first
 * word after a silence.
 */
class RestTest {

    private static final int BLANK = 3;
    private static final int WORD = 1;
    private static final int UNITS = 6;
    private static final FastConformerConfig CONFIG = new FastConformerConfig(
            80,
            null,
            1,
            8,
            2,
            2,
            8,
            4,
            3,
            ConvolutionNorm.LAYER_NORM,
            true,
            true,
            List.of(new AttentionContext(4, 0)),
            BLANK,
            UNITS,
            2,
            8,
            FastConformerConfig.JointActivation.RELU,
            0,
            0);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final FastConformer network = network();
    private final NDArray spoken = frame(0, 0.4f);
    private final NDArray silence = frame(2, 0);
    private final int restFrames = Rest.frames(CONFIG);

    @AfterEach
    void close() {
        manager.close();
    }

    /**
     * The prediction network gives -0.76 before a first token, and 0.76 after one. That and the first feature of a frame
     * speak for a blank, the second for the word.
     */
    private FastConformer network() {
        Map<String, NDArray> weights =
                FastConformerWeights.arrays(CONFIG, FastConformerWeights.random(CONFIG, 5), manager);
        weights.entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith("joint.") || entry.getKey().startsWith("decoder."))
                .forEach(entry -> entry.getValue().muli(0));
        set(weights, "decoder.prediction.embed.weight", 1, WORD, 0);
        for (int layer = 0; layer < 2; layer++) {
            String lstm = "decoder.prediction.dec_rnn.lstm.";
            set(weights, lstm + "bias_ih_l" + layer, 9, 0);
            set(weights, lstm + "bias_ih_l" + layer, -9, UNITS);
            set(weights, lstm + "bias_ih_l" + layer, layer == 0 ? -9 : 0, 2 * UNITS);
            set(weights, lstm + "bias_ih_l" + layer, 9, 3 * UNITS);
            set(weights, lstm + "weight_ih_l" + layer, 18, 2 * UNITS, 0);
        }
        set(weights, "joint.pred.weight", 1, 0, 0);
        set(weights, "joint.enc.weight", 1, 0, 0);
        set(weights, "joint.enc.weight", 1, 1, 1);
        set(weights, "joint.joint_net.2.weight", 10, BLANK, 0);
        set(weights, "joint.joint_net.2.weight", 10, WORD, 1);
        return new FastConformer(CONFIG, weights, CacheContent.PROJECTIONS, false);
    }

    private static void set(Map<String, NDArray> weights, String name, float value, long... place) {
        weights.get(name).setScalar(new NDIndex(place), value);
    }

    private NDArray frame(float... features) {
        return manager.create(Arrays.copyOf(features, 8), new Shape(1, 1, 8));
    }

    /** The word, as many silent frames, and the word again. */
    private NDArray frames(int silent) {
        NDList frames = new NDList(spoken);
        for (int t = 0; t < silent; t++) {
            frames.add(silence);
        }
        frames.add(spoken);
        return NDArrays.concat(frames, 1);
    }

    private List<Integer> greedily(NDArray frames, int piece) {
        TransducerGreedy greedy = TransducerGreedy.of(network, CONFIG);
        TransducerGreedy.State state = greedy.start(manager, 1);
        int[] silent = new int[1];
        List<Integer> tokens = new ArrayList<>();
        int count = Math.toIntExact(frames.getShape().get(1));
        for (int from = 0; from < count; from += piece) {
            int to = Math.min(count, from + piece);
            TransducerGreedy.Result result = greedy.decode(
                    frames.get(":, " + from + ":" + to), new long[] {to - from}, new long[] {from}, silent, state);
            result.emissions().get(0).forEach(emission -> tokens.add(emission.token()));
            state = result.state();
            silent = result.silent();
        }
        return tokens;
    }

    @Test
    void aGreedySearchHearsTheFirstWordAfterARest() {
        for (int piece : new int[] {1, 4, 1000}) {
            assertThat(greedily(frames(restFrames - 2), piece)).containsExactly(WORD);
            assertThat(greedily(frames(restFrames - 1), piece)).containsExactly(WORD, WORD);
            assertThat(greedily(frames(1000), piece)).containsExactly(WORD, WORD);
        }
    }

    @Test
    void aBeamHearsTheFirstWordAfterARest() {
        TransducerBeam beam = new TransducerBeam(network, CONFIG, 1);
        for (int silent : new int[] {restFrames - 2, restFrames - 1, 300}) {
            NDArray frames = frames(silent);
            int count = silent + 2;
            List<Integer> whole = Searched.best(beam, PhraseBoost.NONE, frames, count);
            assertThat(whole).hasSize(silent < restFrames - 1 ? 1 : 2).containsOnly(WORD);
            assertThat(Searched.best(beam, PhraseBoost.NONE, frames, 1, 2, count - 1, count))
                    .isEqualTo(whole);
        }
    }

    @Test
    void aStreamOfABatchRestsByItself() {
        NDArray rested = frames(restFrames - 1);
        NDArray talking = NDArrays.concat(new NDList(silence, frames(restFrames - 2)), 1);
        assertThat(talking.getShape()).isEqualTo(rested.getShape());
        TransducerGreedy greedy = TransducerGreedy.of(network, CONFIG);
        long count = rested.getShape().get(1);
        TransducerGreedy.Result both = greedy.decode(
                NDArrays.concat(new NDList(rested, talking), 0),
                new long[] {count, count},
                new long[2],
                new int[2],
                greedy.start(manager, 2));

        assertThat(both.emissions().get(0)).extracting(Emission::token).containsExactly(WORD, WORD);
        assertThat(both.emissions().get(1)).extracting(Emission::token).containsExactly(WORD);
        assertThat(both.silent()).containsExactly(0, restFrames - 1);
    }
}
