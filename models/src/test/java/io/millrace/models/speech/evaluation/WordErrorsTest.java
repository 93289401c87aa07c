package io.millrace.models.speech.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WordErrorsTest {

    private static WordErrors of(String said, String heard) {
        return WordErrors.of(words(said), words(heard));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
    }

    @Test
    void countsEachKindOfError() {
        assertThat(of("one two three", "one two three")).isEqualTo(new WordErrors(3, 0, 0, 0));
        assertThat(of("one two three", "one six three")).isEqualTo(new WordErrors(3, 1, 0, 0));
        assertThat(of("one two three", "one three")).isEqualTo(new WordErrors(3, 0, 1, 0));
        assertThat(of("one two three", "one two two three")).isEqualTo(new WordErrors(3, 0, 0, 1));
        assertThat(of("", "one")).isEqualTo(new WordErrors(0, 0, 0, 1));
        assertThat(of("one two", "")).isEqualTo(new WordErrors(2, 0, 2, 0));
    }

    @Test
    void addsUpToARate() {
        WordErrors all = of("one two three four", "one too three").plus(of("five", "five five"));

        assertThat(all).isEqualTo(new WordErrors(5, 1, 1, 1));
        assertThat(all.rate()).isEqualTo(0.6);
        assertThat(WordErrors.NONE.rate()).isNaN();
    }

    /** The fewest errors of all alignments: as many as edits made at most, and lengths add up. */
    @Test
    void neverCountsMoreThanTheEditsMade() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<String> said = new ArrayList<>();
            for (int i = 0; i < random.nextInt(10); i++) {
                said.add("w" + random.nextInt(4));
            }
            List<String> heard = new ArrayList<>(said);
            int edits = random.nextInt(5);
            for (int e = 0; e < edits; e++) {
                int at = random.nextInt(heard.size() + 1);
                if (random.nextBoolean() || at == heard.size()) {
                    heard.add(at, "w" + random.nextInt(4));
                } else if (random.nextBoolean()) {
                    heard.remove(at);
                } else {
                    heard.set(at, "w" + random.nextInt(4));
                }
            }
            WordErrors errors = WordErrors.of(said, heard);

            assertThat(errors.errors()).as("seed " + seed).isLessThanOrEqualTo(edits);
            assertThat(said.size() - errors.deletions() + errors.insertions())
                    .as("seed " + seed)
                    .isEqualTo(heard.size());
        }
    }
}
