package io.millrace.simulators.speech.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Joins recorded words to one utterance. */
final class ClipAssembly {
    private final int sampleRate;
    private final List<Clip.Word> words = new ArrayList<>();
    private float[] samples = new float[1 << 14];
    private int filled;

    ClipAssembly(int sampleRate) {
        this.sampleRate = sampleRate;
    }

    /** Adds silence. */
    void rest(int count) {
        reserve(count);
        filled += count;
    }

    /** Adds a word. */
    void word(String text, float[] spoken) {
        reserve(spoken.length);
        System.arraycopy(spoken, 0, samples, filled, spoken.length);
        words.add(new Clip.Word(text, (double) filled / sampleRate, (double) (filled + spoken.length) / sampleRate));
        filled += spoken.length;
    }

    private void reserve(int count) {
        if (filled + count > samples.length) {
            samples = Arrays.copyOf(samples, Math.max(filled + count, 2 * samples.length));
        }
    }

    /** The utterance: its text is the words with spaces between them. */
    Clip clip(String source) {
        String text = words.stream().map(Clip.Word::text).collect(Collectors.joining(" "));
        return new Clip(text, source, sampleRate, Arrays.copyOf(samples, filled), words);
    }
}
