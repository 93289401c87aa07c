package io.millrace.schemas.audio;

import java.util.Arrays;

/** Resamples and measures for tests. */
final class Resampling {
    private Resampling() {}

    /** A signal resampled in one piece. */
    static float[] whole(int rate, float[] samples) {
        Resampler resampler = new Resampler(rate);
        return joined(resampler.push(samples), resampler.finish());
    }

    static float[] joined(float[] one, float[] other) {
        float[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    /** A sine that begins with phase 0. */
    static float[] sine(int rate, double hertz, double amplitude, int count) {
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) (amplitude * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return samples;
    }

    static double rms(float[] samples, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return Math.sqrt(sum / (to - from));
    }

    /** Amplitude of one frequency within a range of samples at the output rate. */
    static double level(float[] samples, double hertz, int from, int to) {
        double real = 0;
        double imaginary = 0;
        double weight = 0;
        for (int i = from; i < to; i++) {
            double window = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - from) / (to - from));
            double angle = 2 * Math.PI * hertz * i / Resampler.OUTPUT_RATE;
            real += window * samples[i] * Math.cos(angle);
            imaginary += window * samples[i] * Math.sin(angle);
            weight += window;
        }
        return 2 * Math.hypot(real, imaginary) / weight;
    }
}
