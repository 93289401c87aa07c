package io.millrace.models.speech.tokens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From words to token ids: a word's own token, its letters, or the longest pieces from its beginning on. */
public final class TokenEncoder {

    private static final String WORD_START = "\u2581";

    private final Tokens tokens;
    private final Map<String, Integer> ids = new HashMap<>();

    /** An encoder into some tokens. */
    public TokenEncoder(Tokens tokens) {
        this.tokens = tokens;
        for (int i = 0; i < tokens.size(); i++) {
            ids.put(tokens.tokens().get(i), i);
        }
    }

    /**
     * The tokens of a phrase, words with one space between them.
     *
     * @throws IllegalArgumentException if the tokens cannot say it
     */
    public int[] phrase(String phrase) {
        if (tokens.kind() == Tokens.Kind.CHARACTERS) {
            return pieces(phrase, phrase);
        }
        return Arrays.stream(phrase.split(" "))
                .flatMapToInt(word -> Arrays.stream(ids(word)))
                .toArray();
    }

    /**
     * The tokens of a word.
     *
     * @throws IllegalArgumentException if the tokens cannot say it
     */
    public int[] ids(String word) {
        return switch (tokens.kind()) {
            case WORDS -> new int[] {known(word, word)};
            case CHARACTERS -> pieces(word, word);
            case WORD_PIECES -> pieces(WORD_START + word, word);
        };
    }

    private int[] pieces(String text, String word) {
        String rest = text;
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
            throw new IllegalArgumentException("no token for \"" + token + "\" of \"" + word + "\"");
        }
        return id;
    }
}
