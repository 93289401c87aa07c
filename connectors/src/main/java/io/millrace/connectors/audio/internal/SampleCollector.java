package io.millrace.connectors.audio.internal;

import java.util.Arrays;
import javazoom.jl.decoder.Obuffer;

/** Where the MPEG decoder puts its samples, kept as floats. */
final class SampleCollector extends Obuffer {
    /** What the decoder makes of full scale. */
    private static final float FULL_SCALE = 32_700f;

    private final float[][] samples;
    private final int[] filled;

    SampleCollector(int channels, int perFrame) {
        samples = new float[channels][perFrame];
        filled = new int[channels];
    }

    /** The samples of a frame [channels][samples], copied. */
    float[][] block() {
        float[][] block = new float[samples.length][];
        for (int i = 0; i < block.length; i++) {
            if (filled[i] != filled[0]) {
                throw new IllegalStateException("channels of " + filled[0] + " and " + filled[i] + " samples");
            }
            block[i] = Arrays.copyOf(samples[i], filled[i]);
        }
        return block;
    }

    @Override
    public void appendSamples(int channel, float[] values) {
        for (float value : values) {
            put(channel, value);
        }
    }

    @Override
    public void append(int channel, short value) {
        put(channel, value);
    }

    private void put(int channel, float value) {
        if (Float.isNaN(value)) {
            throw new IllegalStateException("a sample is not a number");
        }
        samples[channel][filled[channel]++] = Math.max(-1, Math.min(1, value / FULL_SCALE));
    }

    @Override
    public void clear_buffer() {
        Arrays.fill(filled, 0);
    }

    @Override
    public void write_buffer(int value) {}

    @Override
    public void close() {}

    @Override
    public void set_stop_flag() {}
}
