package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.speech.tokens.TokenEncoder;
import io.millrace.models.speech.tokens.Tokens;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The frames are the logits themselves. */
class CtcBeamTest {

    private static final Tokens WORDS = new Tokens(Tokens.Kind.WORDS, List.of("a", "b", "c"));
    private static final int BLANK = 3;

    private static float[] logits(Random random, int frames) {
        float[] logits = new float[frames * (BLANK + 1)];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (2 * random.nextGaussian());
        }
        return logits;
    }

    private static List<Integer> search(CtcBeam search, float[] logits, int[] cuts) {
        return search(search, PhraseBoost.NONE, logits, cuts);
    }

    private static List<Integer> search(CtcBeam search, PhraseBoost boost, float[] logits, int[] cuts) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray all = manager.create(logits, new Shape(1, logits.length / (BLANK + 1), BLANK + 1));
            return Searched.best(search, boost, all.logSoftmax(-1), cuts);
        }
    }

    /** The likeliest text by the sum over all alignments. */
    private static List<Integer> exhaustive(float[] logits) {
        int frames = logits.length / (BLANK + 1);
        Map<List<Integer>, Double> texts = new HashMap<>();
        int ways = (int) Math.pow(BLANK + 1, frames);
        for (int way = 0; way < ways; way++) {
            double probability = 1;
            List<Integer> text = new ArrayList<>();
            int last = BLANK;
            for (int t = 0, rest = way; t < frames; t++, rest /= BLANK + 1) {
                int token = rest % (BLANK + 1);
                double sum = 0;
                for (int v = 0; v <= BLANK; v++) {
                    sum += Math.exp(logits[t * (BLANK + 1) + v]);
                }
                probability *= Math.exp(logits[t * (BLANK + 1) + token]) / sum;
                if (token != BLANK && token != last) {
                    text.add(token);
                }
                last = token;
            }
            texts.merge(text, probability, Double::sum);
        }
        return texts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    @Test
    void aWideBeamFindsTheLikeliestText() {
        CtcBeam search = new CtcBeam(BLANK, 32);
        Random random = new Random(3);
        for (int attempt = 0; attempt < 60; attempt++) {
            float[] logits = logits(random, 1 + random.nextInt(6));
            assertThat(search(search, logits, new int[] {logits.length / (BLANK + 1)}))
                    .isEqualTo(exhaustive(logits));
        }
    }

    @Test
    void howTheFramesAreCutChangesNothing() {
        CtcBeam search = new CtcBeam(BLANK, 4);
        PhraseBoost boost = PhraseBoost.of(new TokenEncoder(WORDS), List.of("a b", "c"), 1);
        Random random = new Random(4);
        for (int attempt = 0; attempt < 20; attempt++) {
            float[] logits = logits(random, 30);
            List<Integer> whole = search(search, boost, logits, new int[] {30});
            assertThat(search(search, boost, logits, new int[] {1, 2, 9, 17, 30}))
                    .isEqualTo(whole);
        }
    }

    @Test
    void aPhraseIsPreferredToWhatIsALittleLikelier() {
        // "a", then "b" a little likelier than "c".
        float[] logits = {5, 0, 0, 0, 0, 3, 2.5f, 0, 0, 0, 0, 5};
        CtcBeam search = new CtcBeam(BLANK, 4);
        PhraseBoost boost = PhraseBoost.of(new TokenEncoder(WORDS), List.of("a c"), 1);
        assertThat(search(search, logits, new int[] {3})).containsExactly(0, 1);
        assertThat(search(search, boost, logits, new int[] {3})).containsExactly(0, 2);
    }

    @Test
    void streamsOfABatchDoNotTouchEachOther() {
        CtcBeam search = new CtcBeam(BLANK, 3);
        Random random = new Random(5);
        float[] first = logits(random, 12);
        float[] second = logits(random, 12);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray both = manager.create(new Shape(2, 12, BLANK + 1));
            both.set(new ai.djl.ndarray.index.NDIndex("0"), manager.create(first, new Shape(12, BLANK + 1)));
            both.set(new ai.djl.ndarray.index.NDIndex("1"), manager.create(second, new Shape(12, BLANK + 1)));
            List<Beams> beams = search.search(
                            both.logSoftmax(-1),
                            new long[] {12, 5},
                            new boolean[] {true, true},
                            new int[2],
                            List.of(PhraseBoost.NONE, PhraseBoost.NONE),
                            Searched.zeros(search, manager, 2))
                    .beams();
            assertThat(Searched.best(beams.subList(0, 1))).isEqualTo(search(search, first, new int[] {12}));
            assertThat(Searched.best(beams.subList(1, 2)))
                    .isEqualTo(search(search, java.util.Arrays.copyOf(second, 5 * (BLANK + 1)), new int[] {5}));
        }
    }
}
