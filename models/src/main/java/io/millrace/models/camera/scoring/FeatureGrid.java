package io.millrace.models.camera.scoring;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import io.millrace.models.camera.network.AnomalyMap;
import io.millrace.models.vision.Backbone;

/**
 * Features of pictures on one grid: those of each tap are averaged over three by three cells, brought to the finest grid and
 * laid side by side, each divided by a scale of its channel, so that no channel and no tap outweighs the others.
 *
 * @param side cells of a side of the grid
 * @param channels channels of all taps together
 * @param scales what each channel is divided by, [channels]
 */
public record FeatureGrid(int side, int channels, float[] scales) {

    /** A channel that never changes would else be divided by nothing. */
    private static final double LEAST_DEVIATION = 1e-3;

    public FeatureGrid {
        if (scales.length != channels) {
            throw new IllegalArgumentException(channels + " channels, " + scales.length + " scales");
        }
    }

    /**
     * Takes the scales from pictures: the standard deviation of a channel over all places, times the root of the number of
     * channels of its tap.
     *
     * @param raw what {@link #raw} gave of some pictures, [N, L, C]
     */
    public static FeatureGrid fitted(Backbone backbone, int size, NDArray raw) {
        int channels = Math.toIntExact(raw.getShape().get(2));
        NDArray flat = raw.reshape(-1, channels);
        NDArray mean = flat.mean(new int[] {0}, true);
        float[] deviations = flat.sub(mean).square().mean(new int[] {0}).sqrt().toFloatArray();
        float[] scales = new float[channels];
        int at = 0;
        for (Backbone.Tap tap : backbone.taps()) {
            for (int c = 0; c < tap.channels(); c++, at++) {
                scales[at] = (float) (Math.max(deviations[at], LEAST_DEVIATION) * Math.sqrt(tap.channels()));
            }
        }
        return new FeatureGrid(size / backbone.taps().get(0).stride(), channels, scales);
    }

    /**
     * Features of pictures before they are scaled.
     *
     * @param pixels [B, 3, size, size], 0 to 255
     * @return [B, L, C], cells row after row
     */
    public static NDArray raw(Backbone backbone, NDManager manager, NDArray pixels) {
        List<NDArray> maps = backbone.features(manager, pixels);
        Shape finest = maps.get(0).getShape();
        List<NDArray> joined = new ArrayList<>();
        for (NDArray map : maps) {
            NDArray pooled = pooled(map);
            joined.add(
                    pooled.getShape().get(2) == finest.get(2)
                            ? pooled
                            : AnomalyMap.stretched(pooled, Math.toIntExact(finest.get(2))));
        }
        NDArray all = NDArrays.concat(new NDList(joined), 1);
        return all.reshape(finest.get(0), all.getShape().get(1), -1).transpose(0, 2, 1);
    }

    private static NDArray pooled(NDArray map) {
        return Pool.avgPool2d(map, new Shape(3, 3), new Shape(1, 1), new Shape(1, 1), false, false);
    }

    /** Scaled features. */
    public NDArray of(NDArray raw) {
        return raw.div(raw.getManager().create(scales));
    }

    /** Cells of the grid. */
    public int cells() {
        return side * side;
    }
}
