package io.millrace.models.speech.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.models.speech.Tokens;

/** From words to token ids: a word's own token, or the longest pieces from its beginning on. */
final class TokenEncoder {

    private static final String WORD_START = "\u2581";

    private final Tokens tokens;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * An encoder.
     *
     * @throws IllegalArgumentException for tokens that are letters, among which a word has no clear place
     */
    TokenEncoder(Tokens tokens) {
        if (tokens.kind() == Tokens.Kind.CHARACTERS) {
            throw new IllegalArgumentException("training takes tokens that are words or word pieces, not characters");
        }
        this.tokens = tokens;
        for (int i = 0; i < tokens.size(); i++) {
            ids.put(tokens.tokens().get(i), i);
        }
    }

    /**
     * The tokens of a word.
     *
     * @throws IllegalArgumentException if the tokens cannot say it
     */
    int[] ids(String word) {
        if (tokens.kind() == Tokens.Kind.WORDS) {
            return new int[] {known(word, word)};
        }
        String rest = WORD_START + word;
        List<Integer> pieces = new ArrayList<>();
        while (!rest.isEmpty()) {
            int length = rest.length();
            while (length > 1 && !ids.containsKey(rest.substring(0, length))) {
                length--;
            }
            pieces.add(known(rest.substring(0, length), word));
            rest = rest.substring(length);
        }
        return pieces.stream().mapToInt(Integer::intValue).toArray();
    }

    private int known(String token, String word) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new IllegalArgumentException("no token for \"" + token + "\" of the word \"" + word + "\"");
        }
        return id;
    }
}
