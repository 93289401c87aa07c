package io.millrace.simulators.speech.stream;

import java.util.List;

/**
 * An utterance as it was recorded or synthesised.
 *
 * @param text what is said
 * @param source the recording or the voice, in words
 * @param sampleRate samples a second
 * @param samples samples in [-1, 1], at least one; not to be changed
 * @param words the words with their times, in order; empty where they are not known
 */
public record Clip(String text, String source, int sampleRate, float[] samples, List<Word> words) {
    /**
     * A word and its time.
     *
     * @param text the word
     * @param start where it begins, seconds from the clip's first sample
     * @param end where it ends, seconds from the clip's first sample
     */
    public record Word(String text, double start, double end) {}

    public Clip {
        if (samples.length == 0) {
            throw new IllegalArgumentException(source + " has no samples");
        }
        words = List.copyOf(words);
    }

    /** Length in seconds. */
    public double seconds() {
        return (double) samples.length / sampleRate;
    }
}
