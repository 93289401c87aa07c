package io.millrace.schemas.audio;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Where a {@link Resampler} stands, to be kept and restored. Some 50 samples, and as many times that as the input
 * rate is above the output rate.
 *
 * @param inputRate input samples a second
 * @param taken input samples taken
 * @param given output samples given
 * @param history the last input samples, zeros before the first, as far back as the next output sample needs
 */
public record ResamplerState(int inputRate, long taken, long given, float[] history) implements Serializable {
    private static final long serialVersionUID = 1L;

    public ResamplerState {
        history = history.clone();
    }

    @Override
    public float[] history() {
        return history.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResamplerState that
                && inputRate == that.inputRate
                && taken == that.taken
                && given == that.given
                && Arrays.equals(history, that.history);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new long[] {inputRate, taken, given, Arrays.hashCode(history)});
    }

    @Override
    public String toString() {
        return "ResamplerState[" + inputRate + " Hz, taken " + taken + ", given " + given + ", history of "
                + history.length + "]";
    }
}
