package io.millrace.models.speech.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.millrace.models.speech.dataset.Utterance;

/**
 * Audio with what is said in it and roughly when.
 *
 * @param samples 16 kHz, in [-1, 1]
 * @param words what is said, in order
 */
record Sound(float[] samples, List<Span> words) {

    static final int RATE = 16_000;

    /** A word from one sample to before another. */
    record Span(String word, int from, int to) {}

    /** An utterance by itself: each word gets a part of its louder stretch by its letters, since nothing else is known. */
    static Sound of(Utterance utterance) {
        float[] samples = utterance.amplitudes();
        int[] spoken = spoken(samples);
        int letters = utterance.words().stream().mapToInt(String::length).sum();
        List<Span> spans = new ArrayList<>();
        int before = 0;
        int length = spoken[1] - spoken[0];
        for (String word : utterance.words()) {
            int from = spoken[0] + (int) ((long) length * before / Math.max(1, letters));
            before += word.length();
            spans.add(new Span(word, from, spoken[0] + (int) ((long) length * before / Math.max(1, letters))));
        }
        return new Sound(samples, spans);
    }

    /** The stretch outside which all is 30 dB below the loudest. */
    private static int[] spoken(float[] samples) {
        float most = 0;
        for (float sample : samples) {
            most = Math.max(most, Math.abs(sample));
        }
        int from = 0;
        int to = samples.length;
        while (from < to && Math.abs(samples[from]) < most * 0.03f) {
            from++;
        }
        while (to > from && Math.abs(samples[to - 1]) < most * 0.03f) {
            to--;
        }
        return new int[] {from, to};
    }

    /** Sounds after each other; {@code pauses} samples before each and after the last. */
    static Sound strung(List<Sound> sounds, int[] pauses) {
        int length = Arrays.stream(pauses).sum();
        for (Sound sound : sounds) {
            length += sound.samples.length;
        }
        float[] all = new float[length];
        List<Span> spans = new ArrayList<>();
        int at = pauses[0];
        for (int i = 0; i < sounds.size(); i++) {
            Sound sound = sounds.get(i);
            System.arraycopy(sound.samples, 0, all, at, sound.samples.length);
            for (Span span : sound.words) {
                spans.add(new Span(span.word(), at + span.from(), at + span.to()));
            }
            at += sound.samples.length + pauses[i + 1];
        }
        return new Sound(all, spans);
    }

    /** The same, faster and higher by a factor. */
    Sound faster(double factor) {
        int length = (int) (samples.length / factor);
        float[] changed = new float[length];
        for (int i = 0; i < length; i++) {
            double at = i * factor;
            int before = (int) at;
            float after = before + 1 < samples.length ? samples[before + 1] : 0;
            changed[i] = (float) (samples[before] + (at - before) * (after - samples[before]));
        }
        List<Span> spans = words.stream()
                .map(span -> new Span(span.word(), (int) (span.from() / factor), (int) (span.to() / factor)))
                .toList();
        return new Sound(changed, spans);
    }
}
