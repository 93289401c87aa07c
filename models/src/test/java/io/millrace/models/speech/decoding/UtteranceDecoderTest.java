package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.millrace.models.speech.decoding.UtteranceDecoder.Head;
import io.millrace.models.speech.tokens.Tokens;
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
        List<Word> words = Words.of(pieces, 8, emissions, Levels.NONE);
        assertThat(words).extracting(Word::text).containsExactly("three", "two");
        assertThat(words.get(0).confidence()).isCloseTo(0.9, Offset.offset(1e-6));
        Tokens letters = new Tokens(Tokens.Kind.CHARACTERS, List.of(" ", "a", "b"));
        List<Emission> spelt = new ArrayList<>();
        for (int token : new int[] {0, 1, 2, 0, 0, 2}) {
            spelt.add(new Emission(token, spelt.size(), 0));
        }
        assertThat(Words.of(letters, 8, spelt, Levels.NONE))
                .extracting(Word::text)
                .containsExactly("ab", "b");
    }

    @Test
    void aWordLastsFromWhereItGrowsLoudToWhereItFallsSilent() {
        byte[] levels = new byte[1 + 8 * 39];
        Arrays.fill(levels, (byte) -100);
        Arrays.fill(levels, 60, 100, (byte) 0);
        Arrays.fill(levels, 130, 175, (byte) 4);
        long[] best = new long[40];
        Arrays.fill(best, BLANK);
        // Heard with the 97th and the 177th mel frame.
        best[12] = 0;
        best[22] = 1;
        List<Hypothesis> results = decoder.accept(
                new SpeechFrames(0, best, new float[best.length], List.of(), null, new float[0], levels));
        results.addAll(decoder.finish());
        List<Word> words = results.stream()
                .filter(Hypothesis::isFinal)
                .flatMap(result -> result.words().stream())
                .toList();
        assertThat(words).extracting(Word::startSeconds).containsExactly(0.59, 1.29);
        assertThat(words).extracting(Word::endSeconds).containsExactly(1.01, 1.76);
    }

    @Test
    void loudnessIsKeptOnlyAsFarBackAsItMatters() {
        byte[] second = new byte[8 * 12];
        for (int i = 1; i < 700; i++) {
            decoder.accept(new SpeechFrames(12L * i, blanks(12), new float[12], List.of(), null, new float[0], second));
        }
        assertThat(decoder.state().levels().values()).hasSizeLessThan(200);
    }

    private static long[] blanks(int count) {
        long[] blanks = new long[count];
        Arrays.fill(blanks, BLANK);
        return blanks;
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
        // The first frame takes one mel frame, every further one eight.
        byte[] levels = new byte[1 + 8 * (best.length - 1)];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) (i % 50 < 30 ? random.nextInt(20) : -90 + random.nextInt(20));
        }
        assertThat(finals(best, log, levels, random)).isEqualTo(finals(best, log, levels, random));
    }

    private static List<Hypothesis> finals(long[] best, float[] log, byte[] levels, Random random) {
        UtteranceDecoder decoder = new UtteranceDecoder(DIGITS, FRAME, 0.4, Head.CTC);
        List<Hypothesis> finals = new ArrayList<>();
        int from = 0;
        while (from < best.length) {
            int to = Math.min(best.length, from + 1 + random.nextInt(14));
            finals.addAll(decoder.accept(new SpeechFrames(
                    from,
                    Arrays.copyOfRange(best, from, to),
                    Arrays.copyOfRange(log, from, to),
                    List.of(),
                    null,
                    new float[0],
                    Arrays.copyOfRange(levels, from == 0 ? 0 : 8 * from - 7, 8 * to - 7))));
            from = to;
            decoder = new UtteranceDecoder(DIGITS, FRAME, 0.4, Head.CTC, decoder.state());
        }
        finals.addAll(decoder.finish());
        finals.removeIf(hypothesis -> !hypothesis.isFinal());
        return finals;
    }
}
