package io.millrace.models.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.millrace.models.speech.decoding.PhraseBoost;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.tokens.TokenEncoder;
import io.millrace.models.speech.tokens.Tokens;

/** What streams prefer: the phrases of all, and their own. Made once for streams that want the same. */
final class StreamPhrases {

    /** Different wishes that are remembered. */
    private static final int MOST = 1000;

    private final Search search;
    private final TokenEncoder encoder;
    private final Map<List<String>, PhraseBoost> made = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException if the tokens cannot say a phrase of all */
    StreamPhrases(Tokens tokens, Search search) {
        this.search = search;
        this.encoder = new TokenEncoder(tokens);
        search.phrases().forEach(encoder::phrase);
    }

    /** The preference of a stream with some phrases of its own. */
    PhraseBoost with(List<String> own) {
        if (made.size() > MOST) {
            made.clear();
        }
        return made.computeIfAbsent(own, this::make);
    }

    private PhraseBoost make(List<String> own) {
        List<String> all = new ArrayList<>(search.phrases());
        own.stream().filter(this::canBeSaid).forEach(all::add);
        return all.isEmpty() ? PhraseBoost.NONE : PhraseBoost.of(encoder, all, (float) search.phraseBoost());
    }

    private boolean canBeSaid(String phrase) {
        try {
            return encoder.phrase(phrase).length > 0;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }
}
