package io.millrace.simulators.speech.stream.internal;

import io.millrace.simulators.random.SeededRandom;

/** Steady noise of a level, its higher tones weaker by a random measure. */
final class Noise {
    private final SeededRandom random;
    private final double level;
    private final double memory;
    private double last;

    private Noise(double level, SeededRandom random) {
        this.level = level;
        this.random = random;
        memory = random.uniform(0, 0.9);
    }

    /**
     * Noise so many decibels below a signal.
     *
     * @param decibels null for no noise
     */
    static Noise below(float[] signal, Double decibels, SeededRandom random) {
        if (decibels == null) {
            return new Noise(0, random);
        }
        double sum = 0;
        for (float sample : signal) {
            sum += (double) sample * sample;
        }
        return new Noise(Math.sqrt(sum / signal.length) * StrictMath.pow(10, -decibels / 20), random);
    }

    void addTo(float[] samples) {
        if (level == 0) {
            return;
        }
        // One pole; the input is scaled so that the level does not depend on the pole.
        double scale = level * Math.sqrt(1 - memory * memory);
        for (int i = 0; i < samples.length; i++) {
            last = memory * last + scale * random.gaussian();
            samples[i] += (float) last;
        }
    }
}
