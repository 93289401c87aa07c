package io.millrace.models.speech.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which word that was heard is which that was said, by the alignment with the fewest errors. */
final class WordAlignment {

    private WordAlignment() {}

    /** What became of a word. */
    enum Kind {
        SAME,
        SUBSTITUTION,
        DELETION,
        INSERTION
    }

    /**
     * A step of an alignment.
     *
     * @param said number of the word said; of an insertion that of the next
     * @param heard number of the word heard; of a deletion that of the next
     */
    record Step(Kind kind, int said, int heard) {}

    /** Aligns two sequences of words, in order. */
    static List<Step> of(List<String> said, List<String> heard) {
        int[][] cost = costs(said, heard);
        List<Step> steps = new ArrayList<>();
        int i = said.size();
        int j = heard.size();
        while (i > 0 || j > 0) {
            boolean same = i > 0 && j > 0 && said.get(i - 1).equals(heard.get(j - 1));
            if (i > 0 && j > 0 && cost[i][j] == cost[i - 1][j - 1] + (same ? 0 : 1)) {
                steps.add(new Step(same ? Kind.SAME : Kind.SUBSTITUTION, --i, --j));
            } else if (i > 0 && cost[i][j] == cost[i - 1][j] + 1) {
                steps.add(new Step(Kind.DELETION, --i, j));
            } else {
                steps.add(new Step(Kind.INSERTION, i, --j));
            }
        }
        Collections.reverse(steps);
        return steps;
    }

    private static int[][] costs(List<String> said, List<String> heard) {
        int[][] cost = new int[said.size() + 1][heard.size() + 1];
        for (int i = 0; i <= said.size(); i++) {
            for (int j = 0; j <= heard.size(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                } else {
                    int changed = cost[i - 1][j - 1] + (said.get(i - 1).equals(heard.get(j - 1)) ? 0 : 1);
                    cost[i][j] = Math.min(changed, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                }
            }
        }
        return cost;
    }
}
