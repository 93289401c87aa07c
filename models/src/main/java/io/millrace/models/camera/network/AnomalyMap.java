package io.millrace.models.camera.network;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Maps of how far the places of a picture are out of place, [B, H, W]: made as large as the picture, averaged, smoothed.
 * All are products with small fixed matrices.
 */
public final class AnomalyMap {

    /** Widths of a Gaussian beyond which it is cut off. */
    private static final double TRUNCATE = 4;

    private AnomalyMap() {}

    /**
     * Maps at another size, between four cells each; corners stay corners.
     *
     * @param maps [B, h, w]
     * @param size height and width of the result
     */
    public static NDArray enlarged(NDArray maps, int size) {
        Shape shape = maps.getShape();
        NDManager manager = maps.getManager();
        NDArray down = manager.create(between(Math.toIntExact(shape.get(1)), size), new Shape(size, shape.get(1)));
        NDArray across = manager.create(between(Math.toIntExact(shape.get(2)), size), new Shape(size, shape.get(2)));
        return down.matMul(maps).matMul(across.transpose());
    }

    /** Shares of the cells in each place of a longer line: [to, from], row after row. */
    private static float[] between(int from, int to) {
        float[] shares = new float[to * from];
        for (int i = 0; i < to; i++) {
            double place = to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
            int cell = Math.min((int) place, from - 1);
            double beyond = place - cell;
            shares[i * from + cell] += (float) (1 - beyond);
            if (cell + 1 < from) {
                shares[i * from + cell + 1] += (float) beyond;
            }
        }
        return shares;
    }

    /**
     * Maps at another size, between four cells each; cells keep the share of the picture that they cover, and the outermost
     * go on to the border.
     *
     * @param maps [..., h, w]
     * @param side height and width of the result
     */
    public static NDArray stretched(NDArray maps, int side) {
        Shape shape = maps.getShape();
        int dimensions = shape.dimension();
        int height = Math.toIntExact(shape.get(dimensions - 2));
        int width = Math.toIntExact(shape.get(dimensions - 1));
        NDManager manager = maps.getManager();
        NDArray down = manager.create(covering(height, side), new Shape(side, height));
        NDArray across = manager.create(covering(width, side), new Shape(side, width));
        return down.matMul(maps).matMul(across.transpose());
    }

    /** Shares of the cells in each place of a longer line whose ends are those of the cells: [to, from]. */
    private static float[] covering(int from, int to) {
        float[] shares = new float[to * from];
        for (int i = 0; i < to; i++) {
            double place = Math.max(0, Math.min(from - 1.0, (i + 0.5) * from / to - 0.5));
            int cell = (int) place;
            double beyond = place - cell;
            shares[i * from + cell] += (float) (1 - beyond);
            if (cell + 1 < from) {
                shares[i * from + cell + 1] += (float) beyond;
            }
        }
        return shares;
    }

    /** The mean of maps of one size. */
    public static NDArray mean(List<NDArray> maps) {
        return Fod.mean(maps);
    }

    /**
     * Smoothed maps: a Gaussian cut off after four widths; beyond the border the picture is mirrored, its edge included.
     *
     * @param sigma width in pixels
     */
    public static NDArray blurred(NDArray maps, double sigma) {
        Shape shape = maps.getShape();
        NDManager manager = maps.getManager();
        NDArray down =
                manager.create(blur(Math.toIntExact(shape.get(1)), sigma), new Shape(shape.get(1), shape.get(1)));
        NDArray across =
                manager.create(blur(Math.toIntExact(shape.get(2)), sigma), new Shape(shape.get(2), shape.get(2)));
        return down.matMul(maps).matMul(across.transpose());
    }

    private static float[] blur(int length, double sigma) {
        int radius = (int) (TRUNCATE * sigma + 0.5);
        double[] kernel = new double[2 * radius + 1];
        double sum = 0;
        for (int i = -radius; i <= radius; i++) {
            kernel[i + radius] = Math.exp(-i * i / (2 * sigma * sigma));
            sum += kernel[i + radius];
        }
        double[] shares = new double[length * length];
        for (int at = 0; at < length; at++) {
            for (int i = -radius; i <= radius; i++) {
                shares[at * length + mirrored(at + i, length)] += kernel[i + radius] / sum;
            }
        }
        float[] rounded = new float[shares.length];
        for (int i = 0; i < shares.length; i++) {
            rounded[i] = (float) shares[i];
        }
        return rounded;
    }

    private static int mirrored(int at, int length) {
        int place = Math.floorMod(at, 2 * length);
        return place < length ? place : 2 * length - 1 - place;
    }
}
