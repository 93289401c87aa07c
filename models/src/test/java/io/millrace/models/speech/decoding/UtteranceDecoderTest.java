package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.millrace.models.speech.SpeechFrames;
import io.millrace.models.speech.Tokens;
import io.millrace.models.speech.decoding.UtteranceDecoder.Head;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UtteranceDecoderTest {

    private static final double FRAME = 0.08;
    private static final Tokens DIGITS = new Tokens(Tokens.Kind.WORDS, List.of("one", "two", "three"));
    private static final int BLANK = 3;

    private final UtteranceDecoder decoder = new UtteranceDecoder(DIGITS, FRAME, 0.4, Head.CTC);
    private long heard;

    private List<Hypothesis> hear(int... best) {
        float[] certain = new float[best.length];
        Arrays.fill(certain, (float) Math.log(0.9));
        SpeechFrames frames =
                new SpeechFrames(heard, Arrays.stream(best).asLongStream().toArray(), certain, List.of());
        heard += best.length;
        return decoder.accept(frames);
    }

    @Test
    void aPartialResultGrowsAndSilenceMakesItFinal() {
        assertThat(hear(BLANK, 0, 0)).singleElement().satisfies(result -> {
            assertThat(result.isFinal()).isFalse();
            assertThat(result.text()).isEqualTo("one");
        });
        assertThat(hear(0, BLANK, 1)).extracting(Hypothesis::text).containsExactly("one two");
        assertThat(hear(BLANK, BLANK, BLANK, BLANK))
                .extracting(Hypothesis::isFinal)
                .containsExactly(false);
        assertThat(hear(BLANK, BLANK)).singleElement().satisfies(result -> {
            assertThat(result.isFinal()).isTrue();
            assertThat(result.words()).extracting(Word::text).containsExactly("one", "two");
            assertThat(result.words().get(1).startSeconds()).isCloseTo(5 * FRAME, Offset.offset(1e-9));
            assertThat(result.words().get(1).endSeconds()).isCloseTo(6 * FRAME, Offset.offset(1e-9));
            assertThat(result.words().get(1).confidence()).isCloseTo(0.9, Offset.offset(1e-6));
        });
        assertThat(hear(BLANK, BLANK, BLANK, BLANK, BLANK, BLANK, BLANK)).isEmpty();
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void theLastWordIsNotCutOffWhenTheStreamEnds() {
        hear(BLANK, 2);
        assertThat(decoder.finish()).singleElement().satisfies(result -> {
            assertThat(result.isFinal()).isTrue();
            assertThat(result.text()).isEqualTo("three");
        });
    }

    @Test
    void silenceWithinAChunkEndsAnUtteranceBeforeTheNextWord() {
        List<Hypothesis> results = hear(0, BLANK, BLANK, BLANK, BLANK, BLANK, BLANK, 1);
        assertThat(results).extracting(Hypothesis::text).containsExactly("one", "two");
        assertThat(results).extracting(Hypothesis::isFinal).containsExactly(true, false);
    }

    @Test
    void anUtteranceThatGoesOnIsCutAtAPauseAndAtLastAnywhere() {
        int[] talk = new int[100];
        for (int i = 0; i < talk.length; i++) {
            talk[i] = i % 2 == 0 ? i / 2 % 3 : BLANK;
        }
        List<Hypothesis> finals = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            finals.addAll(hear(talk));
        }
        finals.removeIf(result -> !result.isFinal());
        assertThat(finals).as("32 s without a pause").isEmpty();
        finals.addAll(hear(BLANK, BLANK, BLANK, 0));
        assertThat(finals.get(0).isFinal()).isTrue();
        assertThat(finals.get(0).isCut()).as("shorter than a silence").isTrue();
        assertThat(finals.get(0).words()).hasSize(200);
        assertThat(finals.get(1).text()).as("the next goes on").isEqualTo("one");

        List<Hypothesis> breathless = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            breathless.addAll(hear(talk));
        }
        breathless.removeIf(result -> !result.isFinal());
        assertThat(breathless).hasSize(2).allMatch(Hypothesis::isCut);
        assertThat(breathless.get(1).words().get(0).startSeconds()
                        - breathless.get(0).words().get(0).startSeconds())
                .isBetween(60.0, 60.3);
    }

    @Test
    void piecesAndLettersMakeWords() {
        Tokens pieces = new Tokens(Tokens.Kind.WORD_PIECES, List.of("\u2581th", "ree", "\u2581", "two"));
        List<Emission> emissions = new ArrayList<>();
        for (int token : new int[] {0, 1, 2, 3}) {
            emissions.add(new Emission(token, emissions.size(), (float) Math.log(1 - 0.1 * token)));
        }
        List<Word> words = Words.of(pieces, FRAME, emissions);
        assertThat(words).extracting(Word::text).containsExactly("three", "two");
        assertThat(words.get(0).confidence()).isCloseTo(0.9, Offset.offset(1e-6));
        Tokens letters = new Tokens(Tokens.Kind.CHARACTERS, List.of(" ", "a", "b"));
        List<Emission> spelt = new ArrayList<>();
        for (int token : new int[] {0, 1, 2, 0, 0, 2}) {
            spelt.add(new Emission(token, spelt.size(), 0));
        }
        assertThat(Words.of(letters, FRAME, spelt)).extracting(Word::text).containsExactly("ab", "b");
    }

    @Property(tries = 100)
    @Label("finals are the same however frames are cut into chunks and wherever a stream is put away")
    void finalsDoNotDependOnChunks(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        Random random = new Random(seed);
        long[] best = new long[120];
        float[] log = new float[best.length];
        for (int i = 0; i < best.length; i++) {
            best[i] = random.nextInt(4) == 0 ? random.nextInt(3) : BLANK;
            log[i] = (float) Math.log(0.5 + 0.5 * random.nextFloat());
        }
        assertThat(finals(best, log, random)).isEqualTo(finals(best, log, random));
    }

    private static List<Hypothesis> finals(long[] best, float[] log, Random random) {
        UtteranceDecoder decoder = new UtteranceDecoder(DIGITS, FRAME, 0.4, Head.CTC);
        List<Hypothesis> finals = new ArrayList<>();
        int from = 0;
        while (from < best.length) {
            int to = Math.min(best.length, from + 1 + random.nextInt(14));
            finals.addAll(decoder.accept(new SpeechFrames(
                    from, Arrays.copyOfRange(best, from, to), Arrays.copyOfRange(log, from, to), List.of())));
            from = to;
            decoder = new UtteranceDecoder(DIGITS, FRAME, 0.4, Head.CTC, decoder.state());
        }
        finals.addAll(decoder.finish());
        finals.removeIf(hypothesis -> !hypothesis.isFinal());
        return finals;
    }
}
