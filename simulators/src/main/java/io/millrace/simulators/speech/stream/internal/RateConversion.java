package io.millrace.simulators.speech.stream.internal;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings a whole recording to any other sample rate: a windowed sinc, with a table of its values for each phase. Sines
 * come from {@link StrictMath}, so that the result is the same on every machine.
 */
final class RateConversion {
    private static final int ZERO_CROSSINGS = 16;
    private static final double PASS_BAND = 0.94;
    private static final Map<Long, RateConversion> KNOWN = new ConcurrentHashMap<>();

    private final int up;
    private final int down;
    private final int half;
    private final float[][] phases;

    private RateConversion(int from, int to) {
        int divisor = BigInteger.valueOf(from).gcd(BigInteger.valueOf(to)).intValue();
        up = to / divisor;
        down = from / divisor;
        double cutoff = PASS_BAND * Math.min(1, (double) to / from);
        half = (int) Math.ceil(ZERO_CROSSINGS / cutoff);
        phases = new float[up][];
        for (int phase = 0; phase < up; phase++) {
            phases[phase] = kernel((double) phase / up, cutoff);
        }
    }

    /** Weights of the inputs from {@code 1 - half} to {@code half} about the output's place; they add up to 1. */
    private float[] kernel(double fraction, double cutoff) {
        double[] weights = new double[2 * half];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double distance = i + 1 - half - fraction;
            double angle = Math.PI * cutoff * distance;
            double sinc = distance == 0 ? 1 : StrictMath.sin(angle) / angle;
            double window = 0.5 + 0.5 * StrictMath.cos(Math.PI * distance / half);
            weights[i] = sinc * window;
            sum += weights[i];
        }
        float[] kernel = new float[weights.length];
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = (float) (weights[i] / sum);
        }
        return kernel;
    }

    /**
     * Converts samples.
     *
     * @return ceil(samples x to / from) samples; the same array where the rates are alike
     */
    static float[] convert(float[] samples, int from, int to) {
        if (from == to) {
            return samples;
        }
        return KNOWN.computeIfAbsent((long) from << 32 | to, key -> new RateConversion(from, to))
                .apply(samples);
    }

    private float[] apply(float[] samples) {
        float[] output = new float[(int) (((long) samples.length * up + down - 1) / down)];
        for (int n = 0; n < output.length; n++) {
            long place = (long) n * down;
            int base = (int) (place / up) + 1 - half;
            float[] kernel = phases[(int) (place % up)];
            float sum = 0;
            for (int k = Math.max(0, -base); k < Math.min(kernel.length, samples.length - base); k++) {
                sum += kernel[k] * samples[base + k];
            }
            output[n] = sum;
        }
        return output;
    }
}
