package io.millrace.models.camera.network;

import java.util.List;

import ai.djl.ndarray.NDArray;

/**
 * Scores of the tokens of one picture, [1, L] each (section 3.5).
 *
 * @param rebuilding mean squared error over channels and one minus cosine
 * @param intraDivergence divergence of the correlations among tokens; null without
 * @param intraEntropy their entropy; null without
 * @param intraScore softmax over tokens of minus the divergence; null without
 * @param interDivergence divergence of the correlations with the reference; null without
 * @param interEntropy their entropy; null without
 * @param interScore how far the softmax over tokens of minus the divergence stays below its greatest; null without
 * @param score how far a token is out of place
 */
public record FodScore(
        NDArray rebuilding,
        NDArray intraDivergence,
        NDArray intraEntropy,
        NDArray intraScore,
        NDArray interDivergence,
        NDArray interEntropy,
        NDArray interScore,
        NDArray score) {

    /** The scores of a pass over one picture. */
    public static FodScore of(Fod.Pass pass) {
        int[] last = {-1};
        NDArray rebuilding = pass.output()
                .sub(pass.tokens())
                .square()
                .mean(last)
                .add(FodLoss.cosine(pass.output(), pass.tokens()).neg().add(1));
        NDArray intra = divergence(pass.intra());
        NDArray inter = divergence(pass.inter());
        NDArray close = inter == null ? null : inter.neg().softmax(-1);
        NDArray interScore = close == null ? null : close.max().sub(close);
        return new FodScore(
                rebuilding,
                intra,
                entropy(pass.intra()),
                intra == null ? null : intra.neg().softmax(-1),
                inter,
                entropy(pass.inter()),
                interScore,
                interScore == null ? rebuilding : rebuilding.mul(interScore));
    }

    private static NDArray divergence(List<Fod.Correlation> correlations) {
        return correlations.isEmpty()
                ? null
                : Fod.mean(correlations.stream()
                        .map(c -> Fod.divergence(c.actual(), c.target()))
                        .toList());
    }

    private static NDArray entropy(List<Fod.Correlation> correlations) {
        return correlations.isEmpty()
                ? null
                : Fod.mean(
                        correlations.stream().map(c -> Fod.entropy(c.actual())).toList());
    }
}
