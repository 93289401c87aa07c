package io.millrace.models.speech.frontend;

import java.util.Arrays;

/**
 * {@link MelFrontEnd} over audio that comes in pieces: the frames of all pieces and of the end are those of the whole,
 * however it is cut. A frame is held back until its last sample has come, 12.5 ms after its centre.
 */
public final class MelStream {

    private static final int MOST_KEPT = MelFrontEnd.WINDOW + MelFrontEnd.HOP;

    private final MelFrontEnd frontEnd;
    private float[] kept;
    private float previous;
    private long samples;
    private long frames;

    /** A stream at its beginning. */
    public MelStream(MelFrontEnd frontEnd) {
        this.frontEnd = frontEnd;
        // What lies before the first sample.
        this.kept = new float[MelFrontEnd.HALF_WINDOW];
    }

    /**
     * What a stream carries from one piece to the next.
     *
     * @param kept pre-emphasised samples from the window of the next frame on, at most 400
     * @param previous last sample, not emphasised
     * @param samples samples seen
     */
    public record State(float[] kept, float previous, long samples) {}

    /** A stream that goes on where another stood. */
    public MelStream(MelFrontEnd frontEnd, State state) {
        this.frontEnd = frontEnd;
        this.kept = state.kept().clone();
        this.previous = state.previous();
        this.samples = state.samples();
        this.frames = ready(samples);
        long expected = MelFrontEnd.HALF_WINDOW + samples - MelFrontEnd.HOP * frames;
        if (kept.length != expected) {
            throw new IllegalArgumentException(
                    "after " + samples + " samples a stream keeps " + expected + ", got " + kept.length);
        }
    }

    public State state() {
        return new State(kept.clone(), previous, samples);
    }

    private static long ready(long samples) {
        return samples < MelFrontEnd.HALF_WINDOW ? 0 : (samples - MelFrontEnd.HALF_WINDOW) / MelFrontEnd.HOP + 1;
    }

    /** Takes samples in and returns the frames that they complete, one behind another. */
    public float[] accept(float[] audio, int from, int count) {
        float[] window = Arrays.copyOf(kept, kept.length + count);
        for (int i = 0; i < count; i++) {
            float sample = audio[from + i];
            window[kept.length + i] = samples == 0 && i == 0 ? sample : sample - MelFrontEnd.PRE_EMPHASIS * previous;
            previous = sample;
        }
        samples += count;
        return take(window, ready(samples));
    }

    /** The frames that are left when no more samples come: the stream is over. */
    public float[] finish() {
        long left = samples / MelFrontEnd.HOP - frames;
        return take(Arrays.copyOf(kept, kept.length + MOST_KEPT), Math.max(frames, frames + left));
    }

    private float[] take(float[] window, long upTo) {
        int count = Math.toIntExact(upTo - frames);
        float[] features = new float[count * frontEnd.bands()];
        for (int i = 0; i < count; i++) {
            frontEnd.frame(window, i * MelFrontEnd.HOP, features, i * frontEnd.bands());
        }
        kept = Arrays.copyOfRange(window, count * MelFrontEnd.HOP, window.length);
        frames = upTo;
        return features;
    }
}
