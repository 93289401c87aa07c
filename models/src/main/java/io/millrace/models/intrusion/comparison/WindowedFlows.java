package io.millrace.models.intrusion.comparison;

import java.util.Arrays;
import java.util.Random;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Encoded flows in file order; a window is a flow with the seven rows before it, and has the flow's label.
 *
 * @param numeric scaled fields, [rows][N]
 * @param ids level ids, [rows][C]
 * @param attacks truth of each row
 */
public record WindowedFlows(float[][] numeric, long[][] ids, boolean[] attacks) {

    /**
     * Last rows of windows drawn at random without repetition; all of them, in order, if there are no more.
     *
     * @throws IllegalArgumentException if there are fewer rows than a window has
     */
    public int[] draw(int windows, Random random) {
        int all = attacks.length - Combination.WINDOW + 1;
        if (all < 1) {
            throw new IllegalArgumentException(attacks.length + " flows do not make a window of " + Combination.WINDOW);
        }
        int[] ends = new int[all];
        for (int i = 0; i < all; i++) {
            ends[i] = Combination.WINDOW - 1 + i;
        }
        if (windows >= all) {
            return ends;
        }
        for (int i = 0; i < windows; i++) {
            int other = i + random.nextInt(all - i);
            int swap = ends[i];
            ends[i] = ends[other];
            ends[other] = swap;
        }
        return Arrays.copyOf(ends, windows);
    }

    /** Inputs of windows, numeric [B, W, N] and ids [B, W, C], attached to a manager. */
    NDList inputs(int[] ends, int from, int to, NDManager manager) {
        int batch = to - from;
        int width = numeric[0].length;
        int categories = ids[0].length;
        float[] values = new float[batch * Combination.WINDOW * width];
        long[] levels = new long[batch * Combination.WINDOW * categories];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < Combination.WINDOW; t++) {
                int row = ends[from + b] - Combination.WINDOW + 1 + t;
                int place = b * Combination.WINDOW + t;
                System.arraycopy(numeric[row], 0, values, place * width, width);
                System.arraycopy(ids[row], 0, levels, place * categories, categories);
            }
        }
        return new NDList(
                manager.create(values, new Shape(batch, Combination.WINDOW, width)),
                manager.create(levels, new Shape(batch, Combination.WINDOW, categories)));
    }
}
