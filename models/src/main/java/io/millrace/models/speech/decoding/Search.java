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

    /** Hypotheses where phrases are preferred and no number is given. */
    public static final int BOOSTED_BEAM = 4;
    /** Boost of a phrase where none is given. */
    public static final double PHRASE_BOOST = 2;
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

    /**
     * A search with defaults.
     *
     * @param beam hypotheses; null for one, or {@link #BOOSTED_BEAM} with phrases
     * @param phraseBoost null for {@link #PHRASE_BOOST}
     * @throws IllegalArgumentException naming what cannot be
     */
    public static Search of(UtteranceDecoder.Head head, Integer beam, List<String> phrases, Double phraseBoost) {
        return new Search(
                head,
                beam != null ? beam : phrases.isEmpty() ? 1 : BOOSTED_BEAM,
                phrases,
                phraseBoost != null ? phraseBoost : PHRASE_BOOST);
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
