package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.millrace.models.speech.tokens.TokenEncoder;
import io.millrace.models.speech.tokens.Tokens;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class PhraseBoostTest {

    private static final Tokens WORDS = new Tokens(Tokens.Kind.WORDS, List.of("a", "b", "c", "d"));
    private static final TokenEncoder ENCODER = new TokenEncoder(WORDS);

    /** What a text has gained in the end, phrases that are not whole taken back. */
    private static float gained(PhraseBoost boost, int... text) {
        int place = PhraseBoost.START;
        float sum = 0;
        for (int token : text) {
            int next = boost.after(place, token);
            sum += boost.gain(place, next);
            place = next;
        }
        return sum - boost.pending(place);
    }

    @Test
    void onlyWholePhrasesCountInTheEnd() {
        PhraseBoost boost = PhraseBoost.of(ENCODER, List.of("a b c", "b d", "a"), 2);
        assertThat(gained(boost, 3, 3)).isZero();
        assertThat(gained(boost, 0)).as("a").isEqualTo(2);
        assertThat(gained(boost, 0, 1)).as("a, and b begins in vain").isEqualTo(2);
        assertThat(gained(boost, 0, 1, 2)).as("a b c").isEqualTo(6);
        assertThat(gained(boost, 0, 1, 2, 3)).isEqualTo(6);
        assertThat(gained(boost, 1, 3)).as("b d").isEqualTo(4);
        assertThat(gained(boost, 0, 1, 3))
                .as("a, then b d, begun within another")
                .isEqualTo(6);
        assertThat(gained(boost, 0, 1, 2, 0, 1, 2)).as("twice").isEqualTo(12);
    }

    @Test
    void aPhraseThatBreaksOffIsTakenBackAtOnce() {
        PhraseBoost boost = PhraseBoost.of(ENCODER, List.of("a b c"), 1.5f);
        int one = boost.after(PhraseBoost.START, 0);
        int two = boost.after(one, 1);
        assertThat(boost.gain(PhraseBoost.START, one)).isEqualTo(1.5f);
        assertThat(boost.gain(one, two)).isEqualTo(1.5f);
        assertThat(boost.gain(two, boost.after(two, 3))).isEqualTo(-3);
        assertThat(boost.gain(two, boost.after(two, 0))).as("another begins").isEqualTo(-1.5f);
    }

    @Test
    void whatAnyTextGainsIsNeverNegativeAndNoMoreThanItHasTokens() {
        Random random = new Random(8);
        for (int attempt = 0; attempt < 300; attempt++) {
            List<String> phrases = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                List<String> words = new ArrayList<>();
                for (int w = 0; w <= random.nextInt(4); w++) {
                    words.add(WORDS.tokens().get(random.nextInt(4)));
                }
                phrases.add(String.join(" ", words));
            }
            PhraseBoost boost = PhraseBoost.of(ENCODER, phrases, 1);
            int[] text = random.ints(12, 0, 4).toArray();
            float gained = gained(boost, text);
            String said = WORDS.text(text);
            assertThat(gained).as(said + " with " + phrases).isBetween(0f, 4f * text.length);
            if (phrases.stream().noneMatch(said::contains)) {
                assertThat(gained).as(said + " with " + phrases).isCloseTo(0, within(1e-5f));
            }
        }
    }

    @Test
    void whatCannotBeSaidIsNamed() {
        assertThatThrownBy(() -> PhraseBoost.of(ENCODER, List.of("a sofa"), 1)).hasMessageContaining("sofa");
        assertThatThrownBy(() -> PhraseBoost.of(ENCODER, List.of("a"), 0)).hasMessageContaining("positive");
    }
}
