package io.millrace.schemas.audio;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The low-pass of a rational resampler, cut into phases: a sinc under a Kaiser window of 80 dB, which falls from 0.9 to
 * 1.0 of the lower of the two Nyquist frequencies. Rates with few phases between them have each of them; of others, which
 * may have thousands, some are kept and a phase in between is a mean of its neighbours, 80 dB true. The latest filters are
 * kept: they take a few megabytes each at most, whatever rates come. Never changes.
 */
final class PolyphaseFilter {
    private static final int MOST_KEPT = 16;
    /** More phases than the usual rates have, 640 from 11,025. */
    private static final int MOST_EXACT = 1024;
    /** A sinc is bent so little that straight lines between so many points are closer than the stop band is deep. */
    private static final int BETWEEN = 128;

    private static final Map<Long, PolyphaseFilter> MADE = new LinkedHashMap<>(MOST_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PolyphaseFilter> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private static final double ATTENUATION = 80;
    private static final double BETA = 0.1102 * (ATTENUATION - 8.7);
    /** Pass-band and stop-band edge, of the lower Nyquist frequency. */
    private static final double PASS = 0.9;

    private static final double STOP = 1.0;

    private final int up;
    private final int down;
    private final int half;
    private final boolean isExact;
    private final double[][] phases;

    private PolyphaseFilter(int inputRate, int outputRate) {
        int common = gcd(inputRate, outputRate);
        up = outputRate / common;
        down = inputRate / common;
        double narrower = Math.min(1.0, (double) outputRate / inputRate);
        double transition = Math.PI * (STOP - PASS) * narrower;
        half = (int) Math.ceil((ATTENUATION - 7.95) / (2.285 * transition) / 2) + 1;
        double cutoff = narrower * (PASS + STOP) / 2;
        isExact = up <= MOST_EXACT;
        int kept = isExact ? up : BETWEEN;
        // One more than there are: the neighbour of the last.
        phases = new double[kept + 1][];
        for (int phase = 0; phase <= kept; phase++) {
            phases[phase] = phase(cutoff, (double) phase / kept);
        }
    }

    /** The filter between two rates in samples a second. */
    public static PolyphaseFilter between(int inputRate, int outputRate) {
        synchronized (MADE) {
            return MADE.computeIfAbsent(
                    (long) inputRate << 32 | outputRate, key -> new PolyphaseFilter(inputRate, outputRate));
        }
    }

    private double[] phase(double cutoff, double fraction) {
        double[] taps = new double[2 * half];
        double sum = 0;
        for (int k = 0; k < taps.length; k++) {
            double distance = k - half + 1 - fraction;
            taps[k] = sinc(cutoff * distance) * kaiser(distance / half);
            sum += taps[k];
        }
        for (int k = 0; k < taps.length; k++) {
            taps[k] /= sum; // a constant stays what it is in every phase
        }
        return taps;
    }

    private static double sinc(double x) {
        return Math.abs(x) < 1e-12 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double kaiser(double x) {
        return Math.abs(x) > 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
    }

    /** Modified Bessel function of the first kind, order 0, by its series. */
    private static double bessel(double x) {
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Output samples for every {@link #down} input samples. */
    public int up() {
        return up;
    }

    /** Input samples for every {@link #up} output samples. */
    public int down() {
        return down;
    }

    /** Input samples that an output sample needs after the one at or before its time; one less before that one. */
    public int half() {
        return half;
    }

    /** The output at a phase, from the 2 x half samples that begin at an index. */
    public float apply(long phase, float[] samples, int from) {
        if (isExact) {
            return (float) sum(phases[(int) phase], samples, from);
        }
        double place = (double) phase * BETWEEN / up;
        int below = (int) place;
        double beyond = place - below;
        return (float)
                ((1 - beyond) * sum(phases[below], samples, from) + beyond * sum(phases[below + 1], samples, from));
    }

    private static double sum(double[] taps, float[] samples, int from) {
        double sum = 0;
        for (int k = 0; k < taps.length; k++) {
            sum += taps[k] * samples[from + k];
        }
        return sum;
    }
}
