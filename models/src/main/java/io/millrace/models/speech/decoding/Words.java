package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;

import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.models.speech.tokens.Tokens;

/** Puts tokens together to words. */
final class Words {

    private static final char WORD_START = '\u2581';
    private static final double MEL_FRAMES_PER_SECOND = (double) MelFrontEnd.SAMPLE_RATE / MelFrontEnd.HOP;

    private final Tokens tokens;
    private final List<Spelt> words = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private long first;
    private long last;
    private float least;

    /** A word and the encoder frames of its first and its last token. */
    private record Spelt(String text, long first, long last, double confidence) {}

    private Words(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * The words of an utterance.
     *
     * @param melFrames mel frames, of 10 ms, from one encoder frame to the next
     * @param levels loudness of the audio around it
     */
    static List<Word> of(Tokens tokens, int melFrames, List<Emission> emissions, Levels levels) {
        Words spelling = new Words(tokens);
        emissions.forEach(spelling::add);
        spelling.end();
        WordExtents.Extent[] extents = new WordExtents(levels)
                .of(spelling.words.stream()
                        .map(word ->
                                new WordExtents.Heard(heard(word.first(), melFrames), heard(word.last(), melFrames)))
                        .toList());
        List<Word> words = new ArrayList<>();
        for (Spelt word : spelling.words) {
            // Where nothing else is known a word lasts as long as its tokens.
            long start = extents == null ? word.first() * melFrames : extents[words.size()].start();
            long end = extents == null ? (word.last() + 1) * melFrames : extents[words.size()].end();
            words.add(new Word(
                    word.text(), start / MEL_FRAMES_PER_SECOND, end / MEL_FRAMES_PER_SECOND, word.confidence()));
        }
        return words;
    }

    /** Mel frames that had been heard when an encoder frame came out: 1 for the first, and so many for each after it. */
    static long heard(long frame, int melFrames) {
        return frame * melFrames + 1;
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
            words.add(new Spelt(text.toString(), first, last, Math.exp(least)));
            text.setLength(0);
        }
    }
}
