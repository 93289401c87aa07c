package io.millrace.models.speech.evaluation;

import java.util.List;

/**
 * Word errors of a transcript against what was said, by the alignment with the fewest of them.
 *
 * @param words words said
 * @param substitutions words that came out as others
 * @param deletions words left out
 * @param insertions words that nobody said
 */
public record WordErrors(long words, long substitutions, long deletions, long insertions) {

    /** No words, no errors. */
    public static final WordErrors NONE = new WordErrors(0, 0, 0, 0);

    /** Aligns two sequences of words. */
    public static WordErrors of(List<String> said, List<String> heard) {
        long substitutions = 0;
        long deletions = 0;
        long insertions = 0;
        for (WordAlignment.Step step : WordAlignment.of(said, heard)) {
            switch (step.kind()) {
                case SUBSTITUTION -> substitutions++;
                case DELETION -> deletions++;
                case INSERTION -> insertions++;
                case SAME -> {}
            }
        }
        return new WordErrors(said.size(), substitutions, deletions, insertions);
    }

    /** Both together. */
    public WordErrors plus(WordErrors other) {
        return new WordErrors(
                words + other.words,
                substitutions + other.substitutions,
                deletions + other.deletions,
                insertions + other.insertions);
    }

    /** All errors. */
    public long errors() {
        return substitutions + deletions + insertions;
    }

    /** Word error rate: errors over words said; NaN if there were none. */
    public double rate() {
        return words == 0 ? Double.NaN : (double) errors() / words;
    }
}
