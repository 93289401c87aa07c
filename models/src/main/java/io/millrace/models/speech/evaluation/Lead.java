package io.millrace.models.speech.evaluation;

import java.util.Random;
import java.util.function.Consumer;

/**
 * What a stream hears before the utterance that it is judged by: another utterance, if it is judged so at all, and a
 * silence.
 *
 * @param silenceSeconds length of the silence
 * @param noiseDecibels root mean square of white noise in it, against full scale; negative infinity for digital silence
 */
public record Lead(double silenceSeconds, double noiseDecibels) {

    private static final double RATE = 16_000;

    public Lead {
        if (!(silenceSeconds > 0 && silenceSeconds <= 3600)) {
            throw new IllegalArgumentException(
                    "a silence before an utterance lasts above 0 and at most 3600 s, not " + silenceSeconds);
        }
        if (!(noiseDecibels <= 0)) {
            throw new IllegalArgumentException("noise is at most as loud as full scale, 0 dB, not " + noiseDecibels);
        }
    }

    /** Gives the silence piece by piece, however long it is: 16 kHz, in [-1, 1]; the same seed, the same noise. */
    void silence(int piece, long seed, Consumer<float[]> hears) {
        double amplitude = Math.pow(10, noiseDecibels / 20);
        Random random = new Random(seed);
        long left = samples();
        while (left > 0) {
            float[] samples = new float[(int) Math.min(piece, left)];
            for (int i = 0; amplitude > 0 && i < samples.length; i++) {
                samples[i] = (float) (amplitude * random.nextGaussian());
            }
            hears.accept(samples);
            left -= samples.length;
        }
    }

    long samples() {
        return Math.round(silenceSeconds * RATE);
    }

    /** Seconds of the silence as it is given. */
    double seconds() {
        return samples() / RATE;
    }
}
