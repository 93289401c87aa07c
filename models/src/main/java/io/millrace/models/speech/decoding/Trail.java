package io.millrace.models.speech.decoding;

import java.util.Arrays;

/** Writes down how a beam went on, for {@link Beams}. */
final class Trail {

    private final int width;
    private final int symbols;
    private final int[] parents;
    private final int[] tokens;
    private final float[] logProbabilities;
    private int frame = -1;

    Trail(int frames, int width, int symbols) {
        this.width = width;
        this.symbols = symbols;
        this.parents = new int[frames * width];
        this.tokens = new int[frames * width * symbols];
        this.logProbabilities = new float[tokens.length];
        Arrays.fill(tokens, Beams.NONE);
    }

    void nextFrame() {
        frame++;
    }

    /** Hypothesis {@code k} after the frame comes from {@code parent} by the tokens. */
    void add(int k, int parent, int[] added, float[] scores) {
        int at = frame * width + k;
        parents[at] = parent;
        System.arraycopy(added, 0, tokens, at * symbols, added.length);
        System.arraycopy(scores, 0, logProbabilities, at * symbols, scores.length);
    }

    Beams beams() {
        return new Beams(width, symbols, parents, tokens, logProbabilities);
    }
}
