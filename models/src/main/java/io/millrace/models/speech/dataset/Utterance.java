package io.millrace.models.speech.dataset;

import java.util.List;

/**
 * Something said, to train or to judge by.
 *
 * @param speaker who says it; utterances of one speaker may be strung together
 * @param words what is said
 * @param samples 16 kHz, 32768 for full scale
 * @param places where each of the words is said; empty where that is not known
 */
public record Utterance(String speaker, List<String> words, short[] samples, List<Place> places) {

    private static final float FULL_SCALE = 32_768;

    /**
     * Where something is said.
     *
     * @param start seconds from the first sample
     * @param end seconds from the first sample
     */
    public record Place(double start, double end) {}

    public Utterance {
        words = List.copyOf(words);
        places = List.copyOf(places);
        if (!places.isEmpty() && places.size() != words.size()) {
            throw new IllegalArgumentException(places.size() + " places for " + words.size() + " words");
        }
    }

    /** An utterance of samples in [-1, 1], the places of whose words are not known. */
    public static Utterance of(String speaker, List<String> words, float[] samples) {
        return of(speaker, words, samples, List.of());
    }

    /** An utterance of samples in [-1, 1]. */
    public static Utterance of(String speaker, List<String> words, float[] samples, List<Place> places) {
        short[] kept = new short[samples.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = (short) Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(samples[i] * FULL_SCALE)));
        }
        return new Utterance(speaker, words, kept, places);
    }

    /** Samples in [-1, 1]. */
    public float[] amplitudes() {
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = samples[i] / FULL_SCALE;
        }
        return values;
    }

    /** Seconds. */
    public double duration() {
        return samples.length / 16_000.0;
    }
}
