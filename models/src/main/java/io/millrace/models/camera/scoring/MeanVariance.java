package io.millrace.models.camera.scoring;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.checkpoint.HostTensor;

/** Root of the mean squared distance, in standard deviations, to the mean at the same place. */
record MeanVariance(NDManager manager, NDArray mean, NDArray deviation) implements Scorer {

    /** Of the deviation over all places: few pictures say little about how much one place varies. */
    private static final double SHARE_OF_ALL = 0.3;

    static MeanVariance of(NDArray features) {
        NDManager own = features.getManager().newSubManager();
        NDArray mean = features.mean(new int[] {0});
        NDArray squares = features.sub(mean).square().mean(new int[] {0});
        NDArray all = squares.mean(new int[] {0}, true);
        NDArray deviation =
                squares.mul(1 - SHARE_OF_ALL).add(all.mul(SHARE_OF_ALL)).sqrt().add(1e-6f);
        mean.attach(own);
        deviation.attach(own);
        return new MeanVariance(own, mean, deviation);
    }

    @Override
    public Kind kind() {
        return Kind.MEAN_VARIANCE;
    }

    @Override
    public NDArray score(NDArray features) {
        return features.sub(mean).div(deviation).square().mean(new int[] {2}).sqrt();
    }

    @Override
    public Map<String, HostTensor> tensors() {
        return Map.of("mean", HostTensor.of(mean), "deviation", HostTensor.of(deviation));
    }

    @Override
    public void close() {
        manager.close();
    }
}
