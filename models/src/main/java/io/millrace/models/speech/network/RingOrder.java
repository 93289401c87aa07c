package io.millrace.models.speech.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Where the keys of a ring of L frames stand in time, frame f lying in row f mod L, before T new frames. Positions are
 * relative, so a stream can run for ever.
 */
final class RingOrder {

    private static final float HIDDEN = -10_000;

    private RingOrder() {}

    /** Frames from row {@code row} to the first new frame, 1 to L. */
    private static int age(long position, int row, int slots) {
        return 1 + (int) Math.floorMod(position - 1 - row, (long) slots);
    }

    /** Float [B, T, 1, L + T] to be added to scores, which hides keys: rows not yet filled or too far back, and padding. */
    static NDArray bias(
            NDManager manager, AttentionContext context, int slots, long[] positions, long[] lengths, int steps) {
        int keys = slots + steps;
        float[] bias = new float[positions.length * steps * keys];
        int at = 0;
        for (int b = 0; b < positions.length; b++) {
            long seen = Math.min(positions[b], context.left());
            for (int i = 0; i < steps; i++) {
                boolean padding = i >= lengths[b];
                for (int row = 0; row < slots; row++) {
                    bias[at++] = padding || age(positions[b], row, slots) > seen ? HIDDEN : 0;
                }
                for (int t = 0; t < steps; t++) {
                    bias[at++] = padding || t >= lengths[b] ? HIDDEN : 0;
                }
            }
        }
        return manager.create(bias, new Shape(positions.length, steps, 1, keys));
    }

    /** Int64 [B, T, 1, L + T]: which distance, counted from the largest, lies between a query and a key. */
    static NDArray distances(NDManager manager, int slots, long[] positions, int steps) {
        int keys = slots + steps;
        long[] distances = new long[positions.length * steps * keys];
        int at = 0;
        for (long position : positions) {
            for (int i = 0; i < steps; i++) {
                for (int row = 0; row < slots; row++) {
                    distances[at++] = keys - 1 - (age(position, row, slots) + i);
                }
                for (int t = 0; t < steps; t++) {
                    distances[at++] = keys - 1 - (i - t);
                }
            }
        }
        return manager.create(distances, new Shape(positions.length, steps, 1, keys));
    }
}
