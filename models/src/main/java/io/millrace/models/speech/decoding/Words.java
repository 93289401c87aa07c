package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;

import io.millrace.models.speech.Tokens;

/** Puts tokens together to words. */
final class Words {

    private static final char WORD_START = '\u2581';

    private final Tokens tokens;
    private final double secondsPerFrame;
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private long first;
    private long last;
    private float least;

    private Words(Tokens tokens, double secondsPerFrame) {
        this.tokens = tokens;
        this.secondsPerFrame = secondsPerFrame;
    }

    static List<Word> of(Tokens tokens, double secondsPerFrame, List<Emission> emissions) {
        Words words = new Words(tokens, secondsPerFrame);
        emissions.forEach(words::add);
        words.end();
        return words.words;
    }

    private void add(Emission emission) {
        String token = tokens.tokens().get(emission.token());
        switch (tokens.kind()) {
            case WORDS -> {
                end();
                append(token, emission);
            }
            case CHARACTERS -> {
                if (token.equals(" ")) {
                    end();
                } else {
                    append(token, emission);
                }
            }
            case WORD_PIECES -> {
                if (token.charAt(0) == WORD_START) {
                    end();
                    append(token.substring(1), emission);
                } else {
                    append(token, emission);
                }
            }
        }
    }

    private void append(String token, Emission emission) {
        if (text.length() == 0) {
            first = emission.frame();
            least = emission.logProbability();
        }
        text.append(token);
        last = emission.frame();
        least = Math.min(least, emission.logProbability());
    }

    private void end() {
        if (text.length() > 0) {
            words.add(
                    new Word(text.toString(), first * secondsPerFrame, (last + 1) * secondsPerFrame, Math.exp(least)));
            text.setLength(0);
        }
    }
}
