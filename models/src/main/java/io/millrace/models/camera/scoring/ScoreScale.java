package io.millrace.models.camera.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.camera.network.AnomalyMap;
import io.millrace.models.checkpoint.HostTensor;

/**
 * What a scorer gives on normal pictures, place by place: some places are hard to tell at any time. Scores are told in
 * deviations above it.
 *
 * @param mean [L]
 * @param deviation [L]
 */
public record ScoreScale(HostTensor mean, HostTensor deviation) {

    /** Cells that neighbours are averaged over: few pictures say little about one place. */
    private static final double WIDTH = 1.0;

    /** Share of the deviation over all places in that of each. */
    private static final double OF_ALL = 0.3;

    /**
     * Takes the scale of scores of normal pictures that the scorer was not made of.
     *
     * @param scores [N, L]
     */
    public static ScoreScale of(NDArray scores, int side) {
        NDArray mean = scores.mean(new int[] {0}).reshape(1, side, side);
        NDArray smooth = AnomalyMap.blurred(mean, WIDTH);
        NDArray squares = scores.reshape(-1, side, side).sub(smooth).square().mean(new int[] {0}, true);
        NDArray variance = AnomalyMap.blurred(squares, WIDTH);
        NDArray shared = variance.mul(1 - OF_ALL).add(variance.mean().mul(OF_ALL));
        return new ScoreScale(
                HostTensor.of(smooth.flatten()),
                HostTensor.of(shared.add(1e-12f).sqrt().flatten()));
    }

    /** Scores [B, L] in deviations above the mean. */
    public NDArray apply(NDArray scores) {
        NDManager manager = scores.getManager();
        Shape shape = new Shape(1, mean.shape()[0]);
        return scores.sub(manager.create(mean.floats(), shape)).div(manager.create(deviation.floats(), shape));
    }
}
