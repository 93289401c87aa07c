package io.millrace.models.speech.nemo;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Expected ids and texts are those of the reference library (sentencepiece 0.2.2) for the same models. */
class SentencePieceModelTest {

    private static final SentencePieceModel UNIGRAM = parse(SyntheticPieces.unigram());

    private static SentencePieceModel parse(byte[] model) {
        return SentencePieceModel.parse(ByteBuffer.wrap(model));
    }

    private static void assertCut(SentencePieceModel model, String text, String ids, String decoded) {
        int[] cut = model.encode(text);
        assertThat(Arrays.toString(cut)).isEqualTo("[" + ids.replace(" ", ", ") + "]");
        assertThat(model.decode(cut)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            '','',''
            '  the  ten ','5 4 13','the ten'
            'the then','5 5 10','the then'
            'tenn nn en','4 13 10 4 10 10 4 7 10','tenn nn en'
            'a<x>b the<x>','4 0 3 0 5 3',' \u2047 <x> \u2047  the<x>'
            '日本 the 😀','4 0 5 4 0',' \u2047  the  \u2047 '
            'tttt','4 8 8 8 8','tttt'
            '<s> the','4 0 5',' \u2047  the'
            'henenhe nnn','4 11 10 7 10 11 4 10 10 10','henenhe nnn'
            """)
    void cutsByTheBestSumOfScores(String text, String ids, String decoded) {
        assertCut(UNIGRAM, text, ids, decoded);
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            '','',''
            '  the  ten ','6 4 11 14','the ten'
            'the then','6 6 14','the then'
            'tenn nn en','4 11 14 14 10 14 14 10 11 14','tenn nn en'
            'a<x>b the<x>','10 0 3 0 6 3',' \u2047 <x> \u2047  the<x>'
            'é ﬁ Ｔｅｎ','10 0 10 0 10 0',' \u2047   \u2047   \u2047 '
            'tttt','4 12 12 12','tttt'
            'henenhe nnn','10 5 14 11 14 5 10 14 14 14','henenhe nnn'
            """)
    void mergesByTheGreatestScore(String text, String ids, String decoded) {
        assertCut(parse(SyntheticPieces.bpe(false)), text, ids, decoded);
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            'the then','262 262 270','the then'
            'a<x>b the<x>','266 101 3 102 262 3','a<x>b the<x>'
            'é ﬁ','266 199 173 266 243 176 133','é ﬁ'
            '日本 the 😀','266 234 155 169 234 160 176 262 266 244 163 156 132','日本 the 😀'
            """)
    void spellsUnknownCharactersInBytesWhereItHasThem(String text, String ids, String decoded) {
        assertCut(parse(SyntheticPieces.bpe(true)), text, ids, decoded);
    }

    @Test
    void normalisesByTheRuleOfTheModel() {
        assertCut(
                UNIGRAM,
                "x\u200bthe\u00a0ten\u2581\uff54\uff45\uff4e\u0001",
                "4 0 5 4 13 4 13",
                " \u2047  the ten ten");
        assertCut(parse(SyntheticPieces.unigram(false)), "x\u200bthe", "4 0 8 11", " \u2047 the");
        Normalizer lower = new Normalizer("nmt_nfkc_cf", false, false, false);
        assertThat(lower.apply(" A\t\ufb01\uff5e ")).isEqualTo(" a fi\uff5e ");
        assertThat(new Normalizer("nfkc", true, false, true).apply(" ")).isEqualTo("\u2581\u2581");
        assertThat(Normalizer.rule("my_rules", true)).isEqualTo("nfkc");
    }

    @Test
    void dropsTheSpaceInFrontAndControlPieces() {
        assertThat(UNIGRAM.decode()).isEmpty();
        assertThat(UNIGRAM.decode(1, 4, 4, 5, 2)).isEqualTo("the");
        assertThat(UNIGRAM.decode(0, 5)).isEqualTo(" \u2047  the");
        assertThat(UNIGRAM.decode(7, 5, 4, 5)).isEqualTo("e the  the");
        assertThat(UNIGRAM.piece(5)).isEqualTo("\u2581the");
        assertThat(UNIGRAM.size()).isEqualTo(15);
        assertThat(UNIGRAM.unknownId()).isZero();
    }

    @Test
    void refusesIdsThatItDoesNotHave() {
        assertThatThrownBy(() -> UNIGRAM.decode(15)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UNIGRAM.decode(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesModelsThatItCannotUse() {
        SyntheticPieces one = new SyntheticPieces().piece("<unk>", 0, SyntheticPieces.UNKNOWN);
        assertRefused(new SyntheticPieces(), "0 unknown pieces");
        assertRefused(new SyntheticPieces().piece("a", 0, 7), "kind 7");
        assertRefused(new SyntheticPieces().piece("a", 0, SyntheticPieces.BYTE), "no byte");
        assertRefused(new SyntheticPieces().piece("a", 0, 1).piece("a", 0, 1), "twice");
        assertRefused(new SyntheticPieces().piece("a", Float.NaN, 1), "score");
        assertRefused(one.message(2, 3 << 3, 3), "type 3");
        assertRefused(new SyntheticPieces().message(1, 1 << 3, 1), "wire type");
        assertRefused(new SyntheticPieces().message(1, 1 << 3 | 2, 100), "cut off");
        assertRefused(new SyntheticPieces().message(1, 1 << 3 | 3), "wire type 3");
    }

    private static void assertRefused(SyntheticPieces pieces, String reason) {
        assertThatThrownBy(pieces::model)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
