package io.millrace.models.speech.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.tokens.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExamplesTest {

    private static final Tokens TOKENS = new Tokens(Tokens.Kind.WORDS, List.of("one", "three", "two"));

    private final SpeechTrainingOptions options = new SpeechTrainingOptions();
    private final FastConformerConfig config = options.config(TOKENS.size());

    @BeforeEach
    void smallBatches() {
        options.batch = 5;
    }

    private static Utterance utterance(String speaker, double seconds, String... words) {
        Random random = new Random((long) (seconds * 1000));
        float[] samples = new float[(int) (seconds * 16_000)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.4 * random.nextDouble() - 0.2);
        }
        return Utterance.of(speaker, List.of(words), samples);
    }

    private static List<Utterance> utterances() {
        List<Utterance> utterances = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            utterances.add(utterance("a", 0.3 + 0.02 * i, "one"));
            utterances.add(utterance("b", 0.3 + 0.02 * i, "two"));
            utterances.add(utterance("c", 1.5 + 0.1 * i, "one", "two", "three"));
        }
        return utterances;
    }

    private Examples examples() {
        return new Examples(utterances(), TOKENS, config, options);
    }

    @Test
    void aRoundDependsOnItsNumberAlone() {
        Examples forwards = examples();
        List<List<Examples.Example>> first = forwards.round(3, 0.5);
        forwards.round(4, 0.5);

        List<List<Examples.Example>> again = examples().round(3, 0.5);

        for (int b = 0; b < first.size(); b++) {
            for (int i = 0; i < first.get(b).size(); i++) {
                assertThat(again.get(b).get(i).mel())
                        .containsExactly(first.get(b).get(i).mel());
                assertThat(again.get(b).get(i).tokens())
                        .containsExactly(first.get(b).get(i).tokens());
            }
        }
        assertThat(examples().round(4, 0.5).get(0).get(0).mel())
                .isNotEqualTo(first.get(0).get(0).mel());
    }

    @Test
    void batchesHoldUtterancesOfLikeLength() {
        long frames = 0;
        long computed = 0;
        for (int round = 0; round < 2; round++) {
            for (List<Examples.Example> batch : examples().round(round, 1)) {
                int most =
                        batch.stream().mapToInt(Examples.Example::frames).max().orElseThrow();
                frames += batch.stream().mapToInt(Examples.Example::frames).sum();
                computed += (long) most * batch.size();
            }
        }

        assertThat(1 - (double) frames / computed).as("padding").isLessThan(0.1);
    }

    @Test
    void stringsHoldWordsOfOneSpeakerAndBeginShort() {
        options.strungShare = 1;
        options.silentShare = 0;
        List<Examples.Example> early =
                examples().round(0, 0).stream().flatMap(List::stream).toList();
        List<Examples.Example> late =
                examples().round(0, 1).stream().flatMap(List::stream).toList();

        assertThat(early).allMatch(example -> example.tokens().length <= 2);
        assertThat(late).anyMatch(example -> example.tokens().length > 5);
        // Speaker a says "one", b "two", and the utterances of c are too long to be strung.
        assertThat(late)
                .allMatch(example ->
                        java.util.Arrays.stream(example.tokens()).distinct().count() == 1);
    }

    @Test
    void someExamplesAreSilent() {
        options.silentShare = 0.3;

        List<Examples.Example> examples =
                examples().round(0, 1).stream().flatMap(List::stream).toList();

        assertThat(examples).anyMatch(example -> example.tokens().length == 0);
        assertThat(examples)
                .filteredOn(example -> example.tokens().length == 0)
                .allSatisfy(example -> assertThat(example.labels()).containsOnly(config.blank()));
    }

    @Test
    void everyFeatureIsFiniteWhateverIsDoneToTheSound() {
        options.noiseShare = 1;
        options.reverberationShare = 1;
        options.narrowBandShare = 1;
        options.toneShare = 1;
        List<Utterance> odd = new ArrayList<>(utterances());
        odd.add(Utterance.of("d", List.of("one"), new float[16_000]));
        odd.add(Utterance.of("e", List.of(), new float[24_000]));
        odd.add(Utterance.of("f", List.of("one"), new float[1]));

        for (List<Examples.Example> batch : new Examples(odd, TOKENS, config, options).round(1, 1)) {
            for (Examples.Example example : batch) {
                assertThat(example.frames()).isPositive();
                for (float value : example.mel()) {
                    assertThat(Float.isFinite(value)).isTrue();
                }
            }
        }
    }
}
