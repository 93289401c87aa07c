package io.millrace.models.speech.training;

import java.util.Random;

/** Makes of one recording many: other speeds, rooms, microphones, lines, noises and levels. */
final class Augmentation {

    private static final int REFLECTIONS = 50;

    private final SpeechTrainingOptions options;
    private final NoiseSource noise;

    Augmentation(SpeechTrainingOptions options, NoiseSource noise) {
        this.options = options;
        this.noise = noise;
    }

    Sound apply(Sound sound, Random random) {
        Sound changed = options.speed > 0 ? sound.faster(1 + options.speed * (2 * random.nextDouble() - 1)) : sound;
        float[] samples = changed.samples();
        if (random.nextDouble() < options.reverberationShare) {
            samples = echoed(samples, random);
        }
        if (random.nextDouble() < options.toneShare) {
            tilt(samples, random.nextDouble() * 1.4 - 0.7);
        }
        if (random.nextDouble() < options.narrowBandShare) {
            lowPass(samples, 2800 + 3500 * random.nextDouble());
        }
        scale(samples, between(random, options.leastLevel, options.mostLevel));
        if (random.nextDouble() < options.noiseShare) {
            noise.add(samples, between(random, options.leastSnr, options.mostSnr), random);
        }
        return new Sound(samples, changed.words());
    }

    private static double between(Random random, double least, double most) {
        return least + (most - least) * random.nextDouble();
    }

    /** A room of a few dozen reflections that die away within 0.1 to 0.5 s. */
    private static float[] echoed(float[] samples, Random random) {
        float[] all = samples.clone();
        double decay = between(random, 0.1, 0.5) * Sound.RATE;
        double strength = between(random, 0.1, 0.5);
        for (int r = 0; r < REFLECTIONS; r++) {
            int delay = 16 + (int) (random.nextDouble() * random.nextDouble() * decay);
            float share = (float) (strength * Math.exp(-3.0 * delay / decay) * (random.nextBoolean() ? 1 : -1));
            for (int i = delay; i < all.length; i++) {
                all[i] += share * samples[i - delay];
            }
        }
        return all;
    }

    /** Raises high against low frequencies, or the other way round, by a first difference of either sign. */
    private static void tilt(float[] samples, double weight) {
        float before = 0;
        for (int i = 0; i < samples.length; i++) {
            float now = samples[i];
            samples[i] = (float) (now - weight * before);
            before = now;
        }
    }

    /** Four second-order Butterworth sections' worth of a telephone line or a poor microphone. */
    private static void lowPass(float[] samples, double hertz) {
        double w = Math.tan(Math.PI * hertz / Sound.RATE);
        for (double quality : new double[] {0.5098, 0.6013, 0.9000, 2.5629}) {
            double norm = 1 / (1 + w / quality + w * w);
            double b0 = w * w * norm;
            double a1 = 2 * (w * w - 1) * norm;
            double a2 = (1 - w / quality + w * w) * norm;
            double x1 = 0;
            double x2 = 0;
            double y1 = 0;
            double y2 = 0;
            for (int i = 0; i < samples.length; i++) {
                double x = samples[i];
                double y = b0 * (x + 2 * x1 + x2) - a1 * y1 - a2 * y2;
                x2 = x1;
                x1 = x;
                y2 = y1;
                y1 = y;
                samples[i] = (float) y;
            }
        }
    }

    /** Brings the loudest sample to a level below full scale. */
    private static void scale(float[] samples, double decibels) {
        float most = 1e-6f;
        for (float sample : samples) {
            most = Math.max(most, Math.abs(sample));
        }
        float factor = (float) (Math.pow(10, decibels / 20) / most);
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= factor;
        }
    }
}
