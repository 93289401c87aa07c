package io.millrace.models.speech.training;

import java.util.List;

import io.millrace.models.speech.dataset.Utterance;
import io.millrace.models.speech.decoding.CtcGreedy;
import io.millrace.models.speech.decoding.Emission;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.tokens.TokenEncoder;
import io.millrace.models.speech.tokens.Tokens;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FrameLabelsTest {

    private static final int FRAME = 1280;
    private static final Tokens WORDS = new Tokens(Tokens.Kind.WORDS, List.of("one", "two"));

    private final FastConformerConfig config = new SpeechTrainingOptions().config(2);

    private int[] labels(int frames, Sound.Span... spans) {
        Sound sound = new Sound(new float[frames * FRAME], List.of(spans));
        return FrameLabels.of(sound, new TokenEncoder(WORDS), config, (frames - 1) * 8);
    }

    /** What greedy search makes of frames that say exactly their labels. */
    private List<Integer> heard(int[] labels) {
        long[] best = java.util.Arrays.stream(labels).asLongStream().toArray();
        return new CtcGreedy(config.blank())
                .accept(best, new float[best.length], 0).stream()
                        .map(Emission::token)
                        .toList();
    }

    @Test
    void aWordIsSaidFromItsMiddleToBehindItsEnd() {
        int[] labels = labels(12, new Sound.Span("two", 2 * FRAME, 8 * FRAME));

        assertThat(labels).startsWith(2, 2, 2, 2, 2, 1, 1, 1, 1, 2);
    }

    @Test
    void theSameWordTwiceHasABlankBetween() {
        int[] labels = labels(14, new Sound.Span("one", FRAME, 5 * FRAME), new Sound.Span("one", 5 * FRAME, 9 * FRAME));

        assertThat(heard(labels)).containsExactly(0, 0);
    }

    @Test
    void aVeryShortWordIsSaidOnce() {
        assertThat(heard(labels(6, new Sound.Span("two", 2 * FRAME, 2 * FRAME + 10))))
                .containsExactly(1);
    }

    @Test
    void piecesShareAWordsFrames() {
        Tokens pieces = new Tokens(Tokens.Kind.WORD_PIECES, List.of("▁th", "ree", "▁", "t"));
        TokenEncoder encoder = new TokenEncoder(pieces);

        assertThat(encoder.ids("three")).containsExactly(0, 1);
        assertThat(encoder.ids("t")).containsExactly(2, 3);
        assertThatThrownBy(() -> encoder.ids("x")).hasMessageContaining("\"x\"");
    }

    @Test
    void lettersOfAnUtteranceSpreadOverWhatIsLoud() {
        float[] samples = new float[16_000];
        java.util.Arrays.fill(samples, 4000, 12_000, 0.5f);

        Sound sound = Sound.of(Utterance.of("a", List.of("one", "fifteen", "o"), samples));

        assertThat(sound.words().get(0)).isEqualTo(new Sound.Span("one", 4000, 6181));
        assertThat(sound.words().get(2).to()).isEqualTo(12_000);
    }

    @Test
    void aFasterSoundIsShorterAndItsWordsMoveAlong() {
        Sound sound = new Sound(new float[16_000], List.of(new Sound.Span("one", 1600, 3200)));

        Sound faster = sound.faster(1.25);

        assertThat(faster.samples()).hasSize(12_800);
        assertThat(faster.words()).containsExactly(new Sound.Span("one", 1280, 2560));
    }
}
