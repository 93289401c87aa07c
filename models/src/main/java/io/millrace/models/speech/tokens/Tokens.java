package io.millrace.models.speech.tokens;

import java.io.Serializable;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Tokens of a speech model by id, and how text is made of them.
 *
 * @param kind how tokens are joined
 * @param tokens text of each token; word pieces have U+2581 where a word begins
 */
public record Tokens(
        @JsonProperty(required = true) Kind kind,
        @JsonProperty(required = true) List<String> tokens) implements Serializable {

    /** How tokens make text. */
    public enum Kind {
        /** One letter each, the space among them. */
        CHARACTERS,
        /** Pieces of words, U+2581 where a word begins. */
        WORD_PIECES,
        /** One word each. */
        WORDS
    }

    private static final char WORD_START = '\u2581';

    public Tokens {
        tokens = List.copyOf(tokens);
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("a speech model needs tokens");
        }
    }

    /** Number of tokens; the blank is the one after the last. */
    public int size() {
        return tokens.size();
    }

    /** The text of token ids. */
    public String text(int... ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            if (kind == Kind.WORDS && text.length() > 0) {
                text.append(' ');
            }
            text.append(tokens.get(id));
        }
        return kind == Kind.WORD_PIECES
                ? text.toString().replace(WORD_START, ' ').strip()
                : text.toString();
    }
}
