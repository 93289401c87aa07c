package io.millrace.models.speech.decoding;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What has been understood of an utterance.
 *
 * @param words its words in order
 * @param isFinal whether the utterance is over: a final never changes, a partial result may
 * @param isCut whether it is over because it was long, not because nothing more was said
 */
public record Hypothesis(List<Word> words, boolean isFinal, boolean isCut) {

    /** One that was not cut. */
    public Hypothesis(List<Word> words, boolean isFinal) {
        this(words, isFinal, false);
    }

    public Hypothesis {
        words = List.copyOf(words);
    }

    /** The words with spaces between them. */
    public String text() {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }
}
