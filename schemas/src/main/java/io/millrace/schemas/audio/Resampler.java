package io.millrace.schemas.audio;

import java.util.Arrays;

/**
 * Brings one channel to {@value #OUTPUT_RATE} samples a second, piece by piece, whatever the pieces: a polyphase
 * windowed sinc, flat to 0.1 dB up to 0.9 of the lower Nyquist frequency and 70 dB down from 1.0 on. Output sample n is
 * the signal at n / {@value #OUTPUT_RATE} seconds, so times stay true; the filter's delay is waited for, not added. Of N
 * input samples come ceil(N x {@value #OUTPUT_RATE} / rate) output samples. The signal is taken to be zero before its
 * first sample and after its last. Output may pass full scale a little where the input is near it. From any rate of
 * {@value #LEAST_RATE} to {@value #MOST_RATE} samples a second. For one thread.
 */
public final class Resampler {
    /** Output samples a second. */
    public static final int OUTPUT_RATE = 16_000;

    /** Input samples a second at least. */
    public static final int LEAST_RATE = 1_000;

    /** Input samples a second at most. */
    public static final int MOST_RATE = 768_000;

    private final int inputRate;
    private final PolyphaseFilter filter;
    private float[] history;
    private int filled;
    private long taken;
    private long given;
    private boolean finished;

    /**
     * A resampler at the beginning of a signal.
     *
     * @param inputRate input samples a second, see {@link #accepts}
     * @throws IllegalArgumentException if it is another
     */
    public Resampler(int inputRate) {
        if (!accepts(inputRate)) {
            throw new IllegalArgumentException("cannot resample from " + inputRate + " samples a second, only from "
                    + LEAST_RATE + " to " + MOST_RATE);
        }
        this.inputRate = inputRate;
        filter = inputRate == OUTPUT_RATE ? null : PolyphaseFilter.between(inputRate, OUTPUT_RATE);
        filled = filter == null ? 0 : filter.half() - 1;
        history = new float[filled];
    }

    /**
     * A resampler that goes on exactly where another stood.
     *
     * @throws IllegalArgumentException if no resampler of this kind can have stood so
     */
    public static Resampler restore(ResamplerState state) {
        Resampler resampler = new Resampler(state.inputRate());
        resampler.history = state.history();
        resampler.filled = resampler.history.length;
        resampler.taken = state.taken();
        resampler.given = state.given();
        if (state.taken() < 0
                || state.given() < 0
                || resampler.filter != null && resampler.filled != state.taken() - resampler.start()
                || resampler.filter == null && resampler.filled != 0) {
            throw new IllegalArgumentException("no state of a resampler: " + state);
        }
        return resampler;
    }

    /** Whether signals of a rate are taken. */
    public static boolean accepts(int inputRate) {
        return inputRate >= LEAST_RATE && inputRate <= MOST_RATE;
    }

    /**
     * Where the resampler stands; restored, it gives the same output to the bit.
     *
     * @throws IllegalStateException after {@link #finish}
     */
    public ResamplerState state() {
        if (finished) {
            throw new IllegalStateException("the signal has been finished");
        }
        return new ResamplerState(inputRate, taken, given, Arrays.copyOf(history, filled));
    }

    /** Input samples a second. */
    public int inputRate() {
        return inputRate;
    }

    /** Output samples given so far. */
    public long given() {
        return given;
    }

    /**
     * Takes the next input samples.
     *
     * @param samples samples, any number
     * @return the output samples that have become certain, possibly none
     * @throws IllegalStateException after {@link #finish}
     */
    public float[] push(float[] samples) {
        if (finished) {
            throw new IllegalStateException("the signal has been finished");
        }
        taken += samples.length;
        if (filter == null) {
            given += samples.length;
            return samples.clone();
        }
        append(samples);
        // The last output for which the input suffices: its time rounded down, plus half, is below what was taken.
        long reach = taken - filter.half();
        return upTo(reach <= 0 ? 0 : outputsBefore(reach));
    }

    /** Takes the end of the signal: the output samples that are still due. */
    public float[] finish() {
        if (finished) {
            throw new IllegalStateException("the signal has been finished already");
        }
        finished = true;
        if (filter == null) {
            return new float[0];
        }
        append(new float[filter.half()]);
        return upTo(outputsBefore(taken));
    }

    /** How many output samples lie before an input sample's time. */
    private long outputsBefore(long input) {
        return Math.floorDiv(input * filter.up() + filter.down() - 1, filter.down());
    }

    private float[] upTo(long end) {
        float[] output = new float[(int) Math.max(0, end - given)];
        long start = start();
        for (int i = 0; i < output.length; i++) {
            long time = (given + i) * filter.down();
            long first = time / filter.up() - filter.half() + 1;
            output[i] = filter.apply(time % filter.up(), history, (int) (first - start));
        }
        given += output.length;
        int unneeded = (int) (start() - start);
        filled -= unneeded;
        System.arraycopy(history, unneeded, history, 0, filled);
        return output;
    }

    /** Index of the first input sample that the next output needs; negative before the first. */
    private long start() {
        return given * filter.down() / filter.up() - filter.half() + 1;
    }

    private void append(float[] samples) {
        if (filled + samples.length > history.length) {
            history = Arrays.copyOf(history, Math.max(filled + samples.length, 2 * history.length));
        }
        System.arraycopy(samples, 0, history, filled, samples.length);
        filled += samples.length;
    }
}
