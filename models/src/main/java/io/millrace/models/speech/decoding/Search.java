package io.millrace.models.speech.decoding;

import java.io.Serializable;
import java.util.List;

/**
 * How words are looked for.
 *
 * @param head head of the network whose tokens count
 * @param beam hypotheses that are kept; 1 for the best token alone
 * @param phrases words and phrases to prefer
 * @param phraseBoost what a token of a phrase adds to the natural logarithm of the probability
 */
public record Search(UtteranceDecoder.Head head, int beam, List<String> phrases, double phraseBoost)
        implements Serializable {

    /** Hypotheses at most. */
    public static final int MOST_BEAM = 32;

    public Search {
        phrases = List.copyOf(phrases);
        if (beam < 1 || beam > MOST_BEAM) {
            throw new IllegalArgumentException("beam must be from 1 to " + MOST_BEAM + ", got " + beam);
        }
        if (!(phraseBoost > 0 && phraseBoost <= 100)) {
            throw new IllegalArgumentException("phrase-boost must be above 0 and at most 100, got " + phraseBoost);
        }
        for (String phrase : phrases) {
            if (phrase.isBlank() || !phrase.equals(phrase.strip().replaceAll(" +", " "))) {
                throw new IllegalArgumentException(
                        "phrases are words with one space between them, not '" + phrase + "'");
            }
        }
    }

    /** The best token alone. */
    public static Search greedy(UtteranceDecoder.Head head) {
        return new Search(head, 1, List.of(), 1);
    }

    /** Whether the best token of each frame is all that counts. */
    public boolean isGreedy() {
        return beam == 1 && phrases.isEmpty();
    }
}
