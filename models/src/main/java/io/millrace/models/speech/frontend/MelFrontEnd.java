package io.millrace.models.speech.frontend;

import org.jtransforms.fft.FloatFFT_1D;

/**
 * Log-mel features of 16 kHz audio as NeMo's {@code FilterbankFeatures} computes them: pre-emphasis 0.97, symmetric Hann
 * window of 400 samples centred in a transform of 512, hop 160, power, mel, logarithm; no normalisation, no dither.
 *
 * <p>Frame t covers samples 160 t - 200 to 160 t + 199; N samples make N / 160 frames; there are zeros before and after.
 * Not for several threads at once.
 */
public final class MelFrontEnd {

    /** Samples a second. */
    public static final int SAMPLE_RATE = 16_000;
    /** Samples from one frame to the next. */
    public static final int HOP = 160;
    /** Samples of the window. */
    public static final int WINDOW = 400;

    static final int HALF_WINDOW = WINDOW / 2;
    static final float PRE_EMPHASIS = 0.97f;

    private static final int FFT = 512;
    private static final float LOG_GUARD = 0x1p-24f;
    private static final double DEVIATION_GUARD = 1e-5;

    private final MelFilterbank filters;
    private final float[] window;
    private final FloatFFT_1D transform = new FloatFFT_1D(FFT);
    private final float[] buffer = new float[FFT];
    private final float[] power = new float[FFT / 2 + 1];

    /** The front end with {@code bands} mel bands. */
    public MelFrontEnd(int bands) {
        this(MelFilterbank.slaney(bands, SAMPLE_RATE, FFT), hann());
    }

    /** The front end with filters and window of a checkpoint; {@code window}: 400 samples. */
    public MelFrontEnd(MelFilterbank filters, float[] window) {
        if (window.length != WINDOW) {
            throw new IllegalArgumentException("a window has " + WINDOW + " samples, got " + window.length);
        }
        this.filters = filters;
        this.window = window.clone();
    }

    private static float[] hann() {
        float[] window = new float[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / (WINDOW - 1)));
        }
        return window;
    }

    public int bands() {
        return filters.bands();
    }

    /** Frames that so many samples make. */
    public static int frames(int samples) {
        return samples / HOP;
    }

    /** Features of a whole recording, amplitudes in [-1, 1]: frame after frame, [N / 160 x bands]. */
    public float[] features(float[] samples) {
        MelStream stream = new MelStream(this);
        float[] ready = stream.accept(samples, 0, samples.length);
        float[] rest = stream.finish();
        float[] all = java.util.Arrays.copyOf(ready, ready.length + rest.length);
        System.arraycopy(rest, 0, all, ready.length, rest.length);
        return all;
    }

    /**
     * Brings each band of a whole recording to mean 0 and standard deviation 1, in place: what models that do not stream
     * are trained on.
     */
    public void normalizePerBand(float[] features) {
        int count = features.length / bands();
        for (int band = 0; band < bands(); band++) {
            double sum = 0;
            for (int t = 0; t < count; t++) {
                sum += features[t * bands() + band];
            }
            double mean = sum / count;
            double squares = 0;
            for (int t = 0; t < count; t++) {
                double difference = features[t * bands() + band] - mean;
                squares += difference * difference;
            }
            double deviation = Math.sqrt(squares / Math.max(1, count - 1)) + DEVIATION_GUARD;
            for (int t = 0; t < count; t++) {
                features[t * bands() + band] = (float) ((features[t * bands() + band] - mean) / deviation);
            }
        }
    }

    /** Features of the frame whose 400 pre-emphasised samples begin at {@code from}. */
    void frame(float[] emphasised, int from, float[] features, int offset) {
        java.util.Arrays.fill(buffer, 0);
        int margin = (FFT - WINDOW) / 2;
        for (int i = 0; i < WINDOW; i++) {
            buffer[margin + i] = emphasised[from + i] * window[i];
        }
        transform.realForward(buffer);
        power[0] = buffer[0] * buffer[0];
        power[FFT / 2] = buffer[1] * buffer[1];
        for (int bin = 1; bin < FFT / 2; bin++) {
            float re = buffer[2 * bin];
            float im = buffer[2 * bin + 1];
            power[bin] = re * re + im * im;
        }
        filters.apply(power, features, offset);
        for (int band = 0; band < bands(); band++) {
            features[offset + band] = (float) Math.log(features[offset + band] + LOG_GUARD);
        }
    }
}
