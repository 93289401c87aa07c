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
        int rows = said.size() + 1;
        int columns = heard.size() + 1;
        int[][] cost = new int[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                } else {
                    int changed = cost[i - 1][j - 1] + (said.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
                    cost[i][j] = Math.min(changed, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                }
            }
        }
        long substitutions = 0;
        long deletions = 0;
        long insertions = 0;
        int i = said.size();
        int j = heard.size();
        while (i > 0 || j > 0) {
            boolean same = i > 0 && j > 0 && said.get(i - 1).equals(heard.get(j - 1));
            if (i > 0 && j > 0 && cost[i][j] == cost[i - 1][j - 1] + (same ? 0 : 1)) {
                substitutions += same ? 0 : 1;
                i--;
                j--;
            } else if (i > 0 && cost[i][j] == cost[i - 1][j] + 1) {
                deletions++;
                i--;
            } else {
                insertions++;
                j--;
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
