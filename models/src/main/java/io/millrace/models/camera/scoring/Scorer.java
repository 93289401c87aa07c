package io.millrace.models.camera.scoring;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.checkpoint.HostTensor;

/** Tells for each place of a picture how far its features are from those of normal pictures. */
public interface Scorer extends AutoCloseable {

    /** The kinds of scorer. */
    enum Kind {
        /** Distance to mean and variance at the same place (as PaDiM, with a diagonal covariance). */
        MEAN_VARIANCE,
        /** Distance to the mean at the same place, in units of one covariance for all places. */
        SHARED,
        /** Distance to the nearest normal feature within two cells of the same place. */
        SAME_PLACE,
        /** Distance to the nearest normal feature anywhere (as PatchCore). */
        ANYWHERE
    }

    Kind kind();

    /**
     * Scores.
     *
     * @param features [B, L, C], as {@link FeatureGrid#of} scales them
     * @return [B, L]
     */
    NDArray score(NDArray features);

    /** What it is made of, by name. */
    Map<String, HostTensor> tensors();

    @Override
    void close();

    /**
     * Makes a scorer of normal pictures.
     *
     * @param features [N, L, C]
     * @param side cells of a side
     * @param seed seed of what is drawn
     */
    static Scorer of(Kind kind, NDArray features, int side, long seed) {
        return switch (kind) {
            case MEAN_VARIANCE -> MeanVariance.of(features);
            case SHARED -> SharedCovariance.of(features);
            case SAME_PLACE -> SamePlace.of(features, side, seed);
            case ANYWHERE -> Anywhere.of(features, seed);
        };
    }

    /** Makes a scorer of what {@link #tensors} gave. */
    static Scorer read(Kind kind, Map<String, HostTensor> tensors, int side, NDManager manager) {
        NDManager own = manager.newSubManager();
        return switch (kind) {
            case MEAN_VARIANCE ->
                new MeanVariance(
                        own,
                        tensors.get("mean").toArray(own),
                        tensors.get("deviation").toArray(own));
            case SHARED ->
                new SharedCovariance(
                        own,
                        tensors.get("mean").toArray(own),
                        tensors.get("whitening").toArray(own));
            case SAME_PLACE -> new SamePlace(own, tensors.get("memory").toArray(own), side);
            case ANYWHERE -> new Anywhere(own, tensors.get("memory").toArray(own));
        };
    }
}
