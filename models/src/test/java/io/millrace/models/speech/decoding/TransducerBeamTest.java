package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.network.AttentionContext;
import io.millrace.models.speech.network.CacheContent;
import io.millrace.models.speech.network.ConvolutionNorm;
import io.millrace.models.speech.network.FastConformer;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.TokenEncoder;
import io.millrace.models.speech.tokens.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TransducerBeamTest {

    private static final Tokens WORDS = new Tokens(Tokens.Kind.WORDS, List.of("a", "b", "c"));
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
            3,
            6,
            2,
            8,
            FastConformerConfig.JointActivation.RELU,
            0,
            0);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu());
    private final FastConformer network = new FastConformer(
            CONFIG,
            FastConformerWeights.arrays(CONFIG, FastConformerWeights.random(CONFIG, 5), manager),
            CacheContent.PROJECTIONS,
            false);

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray frames(Random random, int streams, int frames) {
        float[] values = new float[streams * frames * 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (4 * random.nextGaussian());
        }
        return manager.create(values, new Shape(streams, frames, 8));
    }

    private TransducerBeam beam(int width) {
        return new TransducerBeam(network, CONFIG, width);
    }

    private static PhraseBoost boost(String phrase) {
        return PhraseBoost.of(new TokenEncoder(WORDS), List.of(phrase), 30);
    }

    /** Probabilities of all texts, over all ways with as many tokens at a frame as the search allows. */
    private Map<List<Integer>, Double> exhaustive(NDArray frames) {
        Map<List<Integer>, Double> texts = new HashMap<>(Map.of(List.of(), 1.0));
        NDArray encoded = network.jointEncoded(frames);
        for (int t = 0; t < frames.getShape().get(1); t++) {
            Map<List<Integer>, Double> open = texts;
            Map<List<Integer>, Double> done = new HashMap<>();
            for (int symbol = 0; symbol <= TransducerBeam.SYMBOLS; symbol++) {
                Map<List<Integer>, Double> longer = new HashMap<>();
                for (Map.Entry<List<Integer>, Double> entry : open.entrySet()) {
                    float[] p = network.jointLogits(encoded.get(":, " + t), predicted(entry.getKey()))
                            .softmax(-1)
                            .toFloatArray();
                    done.merge(entry.getKey(), entry.getValue() * p[3], Double::sum);
                    for (int token = 0; token < 3; token++) {
                        List<Integer> text = new ArrayList<>(entry.getKey());
                        text.add(token);
                        longer.merge(text, entry.getValue() * p[token], Double::sum);
                    }
                }
                open = longer;
            }
            texts = done;
        }
        return texts;
    }

    private NDArray predicted(List<Integer> text) {
        FastConformer.Prediction prediction = network.predict(
                manager.full(new Shape(1), CONFIG.blank(), DataType.INT64), network.startOfUtterance(manager, 1));
        for (int token : text) {
            prediction = network.predict(manager.full(new Shape(1), token, DataType.INT64), prediction.state());
        }
        return network.jointPredicted(prediction.output());
    }

    @Test
    void aWideBeamFindsALikeliestText() {
        Random random = new Random(3);
        for (int attempt = 0; attempt < 8; attempt++) {
            NDArray frames = frames(random, 1, 1 + random.nextInt(3));
            Map<List<Integer>, Double> texts = exhaustive(frames);
            double most = texts.values().stream().max(Double::compare).orElseThrow();
            List<Integer> found = Searched.best(
                    beam(32), PhraseBoost.NONE, frames, (int) frames.getShape().get(1));
            assertThat(texts.get(found))
                    .as("of what is out of reach little is lost")
                    .isGreaterThan(0.97 * most);
        }
    }

    @Test
    void howTheFramesAreCutAndWhoElseIsInTheBatchChangesNothing() {
        Random random = new Random(4);
        TransducerBeam search = beam(4);
        List<PhraseBoost> boosts = List.of(boost("a b"), PhraseBoost.NONE, boost("c"));
        NDArray frames = frames(random, 3, 11);
        BeamSearch.Result together = search.search(
                frames,
                new long[] {11, 4, 7},
                new boolean[] {true, true, true},
                new int[3],
                boosts,
                Searched.zeros(search, manager, 3));
        int[] lengths = {11, 4, 7};
        for (int b = 0; b < 3; b++) {
            List<Integer> whole = Searched.best(together.beams().subList(b, b + 1));
            NDArray own = frames.get(b + ":" + (b + 1));
            assertThat(Searched.best(search, boosts.get(b), own, lengths[b])).isEqualTo(whole);
            assertThat(Searched.best(search, boosts.get(b), own, 1, 2, lengths[b]))
                    .isEqualTo(whole);
        }
    }

    @Test
    void aPhraseIsHeardIfItIsWantedEnough() {
        NDArray frames = frames(new Random(6), 1, 6);
        assertThat(Searched.best(beam(4), PhraseBoost.NONE, frames, 6).toString())
                .doesNotContain("2, 2, 0");
        assertThat(Searched.best(beam(4), boost("c c a"), frames, 6).toString()).contains("2, 2, 0");
    }
}
