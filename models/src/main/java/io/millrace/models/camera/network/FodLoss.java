package io.millrace.models.camera.network;

import java.util.List;
import java.util.function.Function;

import ai.djl.ndarray.NDArray;
import io.millrace.models.torch.Scalars;

/**
 * The losses of {@link Fod} (section 3.4): in the first phase the targets learn from the correlations, in the second the
 * correlations from the targets, apart from them for tokens and towards them for the reference. One backward pass of {@link
 * #total()} is that of both.
 *
 * @param rebuilding mean squared error and one minus cosine of the output
 * @param intraCorrelation divergence of the correlations among tokens, of which the correlation learns
 * @param intraTarget the same, of which the target learns
 * @param intraEntropy entropy of the correlations among tokens
 * @param interCorrelation as {@code intraCorrelation}, for the reference
 * @param interTarget as {@code intraTarget}, for the reference
 * @param interEntropy as {@code intraEntropy}, for the reference
 */
public record FodLoss(
        NDArray rebuilding,
        NDArray intraCorrelation,
        NDArray intraTarget,
        NDArray intraEntropy,
        NDArray interCorrelation,
        NDArray interTarget,
        NDArray interEntropy) {

    private static final double WEIGHT = 0.5;

    /** The losses of a pass; a branch that the network lacks counts nothing. */
    public static FodLoss of(Fod.Pass pass) {
        NDArray cosine = cosine(pass.output(), pass.tokens());
        NDArray rebuilding = pass.output()
                .sub(pass.tokens())
                .square()
                .mean()
                .add(cosine.neg().add(1).mean());
        return new FodLoss(
                rebuilding,
                mean(pass, pass.intra(), c -> Fod.divergence(c.actual(), stopped(c.target()))),
                mean(pass, pass.intra(), c -> Fod.divergence(stopped(c.actual()), c.target())),
                mean(pass, pass.intra(), c -> Fod.entropy(c.actual())),
                mean(pass, pass.inter(), c -> Fod.divergence(c.actual(), stopped(c.target()))),
                mean(pass, pass.inter(), c -> Fod.divergence(stopped(c.actual()), c.target())),
                mean(pass, pass.inter(), c -> Fod.entropy(c.actual())));
    }

    private static NDArray mean(
            Fod.Pass pass, List<Fod.Correlation> correlations, Function<Fod.Correlation, NDArray> figure) {
        return correlations.isEmpty()
                ? pass.output().getManager().create(0f)
                : Fod.mean(correlations.stream().map(figure).toList()).mean();
    }

    private static NDArray stopped(NDArray x) {
        return x.stopGradient();
    }

    /** Cosine of the angle between tokens: [B, L, C] twice to [B, L]. */
    static NDArray cosine(NDArray a, NDArray b) {
        int[] last = {-1};
        NDArray lengths = a.square().sum(last).mul(b.square().sum(last)).sqrt().maximum(1e-8f);
        return a.mul(b).sum(last).div(lengths);
    }

    /** What the first phase makes small. */
    public NDArray first() {
        return rebuilding.add(weighed(intraTarget)).sub(weighed(interTarget));
    }

    /** What the second phase makes small. */
    public NDArray second() {
        return rebuilding
                .sub(weighed(intraCorrelation))
                .sub(weighed(intraEntropy))
                .add(weighed(interCorrelation))
                .add(weighed(interEntropy));
    }

    /** Both in one. */
    public NDArray total() {
        return first().add(second());
    }

    private static NDArray weighed(NDArray x) {
        return Scalars.times(x, WEIGHT);
    }
}
