package io.millrace.models.speech.training;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

import io.millrace.models.speech.dataset.Utterance;

/** Noise to learn against: white, pink and brown, hum, and other voices talking at once. */
final class NoiseSource {

    private static final int VOICES = 5;

    private final List<Utterance> voices;

    /** {@code voices}: utterances to make babble of. */
    NoiseSource(List<Utterance> voices) {
        this.voices = voices;
    }

    /** Adds noise at a ratio of the powers of the whole, in decibels. */
    void add(float[] samples, double snr, Random random) {
        float[] noise = new float[samples.length];
        int kind = random.nextInt(5);
        if (kind == 4 && !voices.isEmpty()) {
            babble(noise, random);
        } else if (kind == 3) {
            hum(noise, random);
        } else {
            coloured(noise, kind, random);
        }
        double ratio = Math.sqrt(power(samples) / Math.max(1e-12, power(noise)) / Math.pow(10, snr / 10));
        for (int i = 0; i < samples.length; i++) {
            samples[i] += (float) (ratio * noise[i]);
        }
    }

    /** Noise alone, its loudest sample at {@code level} decibels below full scale. */
    float[] alone(int length, double level, Random random) {
        float[] noise = new float[length];
        coloured(noise, random.nextInt(3), random);
        float most = 1e-9f;
        for (float value : noise) {
            most = Math.max(most, Math.abs(value));
        }
        float factor = (float) (Math.pow(10, level / 20) / most);
        for (int i = 0; i < length; i++) {
            noise[i] *= factor;
        }
        return noise;
    }

    private static void coloured(float[] noise, int colour, Random random) {
        SplittableRandom fast = new SplittableRandom(random.nextLong());
        double slow = 0;
        double slower = 0;
        for (int i = 0; i < noise.length; i++) {
            double white = 2 * fast.nextDouble() - 1;
            slow = 0.97 * slow + white * 0.2;
            slower = 0.995 * slower + white * 0.1;
            noise[i] = (float) (colour == 0 ? white : colour == 1 ? slow + 0.15 * white : slower + 0.02 * white);
        }
    }

    private static void hum(float[] noise, Random random) {
        double base = (random.nextBoolean() ? 50 : 60) * (1 + random.nextInt(4));
        for (int harmonic = 1; harmonic <= 6; harmonic++) {
            double phase = 2 * Math.PI * random.nextDouble();
            double strength = random.nextDouble() / harmonic;
            double step = 2 * Math.PI * base * harmonic / Sound.RATE;
            for (int i = 0; i < noise.length; i++) {
                noise[i] += (float) (strength * Math.sin(step * i + phase));
            }
        }
        SplittableRandom fast = new SplittableRandom(random.nextLong());
        for (int i = 0; i < noise.length; i++) {
            noise[i] += (float) (0.3 * fast.nextDouble() - 0.15);
        }
    }

    private void babble(float[] noise, Random random) {
        for (int v = 0; v < VOICES; v++) {
            float[] voice = voices.get(random.nextInt(voices.size())).amplitudes();
            if (voice.length == 0) {
                continue;
            }
            int shift = random.nextInt(voice.length);
            for (int i = 0; i < noise.length; i++) {
                noise[i] += voice[(i + shift) % voice.length];
            }
        }
    }

    private static double power(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += sample * sample;
        }
        return sum / Math.max(1, samples.length);
    }
}
