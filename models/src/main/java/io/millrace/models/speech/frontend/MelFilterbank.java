package io.millrace.models.speech.frontend;

/**
 * Triangular filters on the mel scale of Slaney's Auditory Toolbox (linear below 1 kHz, logarithmic above), each of unit
 * area: what librosa computes by default and NeMo uses.
 */
public final class MelFilterbank {

    private static final double HERTZ_PER_MEL = 200.0 / 3;
    private static final double LOG_FROM_HERTZ = 1000;
    private static final double LOG_FROM_MEL = LOG_FROM_HERTZ / HERTZ_PER_MEL;
    private static final double LOG_STEP = Math.log(6.4) / 27;

    private final int bins;
    private final int[] from;
    private final float[][] weights;

    private MelFilterbank(int bins, int[] from, float[][] weights) {
        this.bins = bins;
        this.from = from;
        this.weights = weights;
    }

    /** {@code bands} filters between 0 Hz and half the sample rate over the bins of a transform of {@code fft} samples. */
    public static MelFilterbank slaney(int bands, int sampleRate, int fft) {
        int bins = fft / 2 + 1;
        double[] edges = new double[bands + 2];
        double top = toMel(sampleRate / 2.0);
        for (int i = 0; i < edges.length; i++) {
            edges[i] = toHertz(top * i / (bands + 1));
        }
        float[][] matrix = new float[bands][bins];
        for (int band = 0; band < bands; band++) {
            double area = 2 / (edges[band + 2] - edges[band]);
            for (int bin = 0; bin < bins; bin++) {
                double hertz = (double) bin * sampleRate / fft;
                double rising = (hertz - edges[band]) / (edges[band + 1] - edges[band]);
                double falling = (edges[band + 2] - hertz) / (edges[band + 2] - edges[band + 1]);
                matrix[band][bin] = (float) (area * Math.max(0, Math.min(rising, falling)));
            }
        }
        return of(matrix);
    }

    /** Filters as a matrix, [bands][bins]. */
    public static MelFilterbank of(float[][] matrix) {
        int[] from = new int[matrix.length];
        float[][] weights = new float[matrix.length][];
        for (int band = 0; band < matrix.length; band++) {
            int first = 0;
            int end = matrix[band].length;
            while (first < end && matrix[band][first] == 0) {
                first++;
            }
            while (end > first && matrix[band][end - 1] == 0) {
                end--;
            }
            from[band] = first;
            weights[band] = java.util.Arrays.copyOfRange(matrix[band], first, end);
        }
        return new MelFilterbank(matrix[0].length, from, weights);
    }

    private static double toMel(double hertz) {
        return hertz < LOG_FROM_HERTZ
                ? hertz / HERTZ_PER_MEL
                : LOG_FROM_MEL + Math.log(hertz / LOG_FROM_HERTZ) / LOG_STEP;
    }

    private static double toHertz(double mel) {
        return mel < LOG_FROM_MEL ? mel * HERTZ_PER_MEL : LOG_FROM_HERTZ * Math.exp(LOG_STEP * (mel - LOG_FROM_MEL));
    }

    public int bands() {
        return weights.length;
    }

    /** The filters as a matrix, [bands][bins]. */
    public float[][] matrix() {
        float[][] matrix = new float[bands()][bins];
        for (int band = 0; band < matrix.length; band++) {
            System.arraycopy(weights[band], 0, matrix[band], from[band], weights[band].length);
        }
        return matrix;
    }

    /** Energy in each band of a power spectrum. */
    void apply(float[] power, float[] energies, int offset) {
        for (int band = 0; band < weights.length; band++) {
            float[] filter = weights[band];
            int first = from[band];
            float energy = 0;
            for (int i = 0; i < filter.length; i++) {
                energy += filter[i] * power[first + i];
            }
            energies[offset + band] = energy;
        }
    }
}
