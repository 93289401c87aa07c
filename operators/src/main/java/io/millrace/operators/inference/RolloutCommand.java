package io.millrace.operators.inference;

import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.ReleaseAction;

/**
 * An order to serve another version of the model.
 *
 * @param releaseId identifier; the same order twice is carried out once
 * @param model what to serve
 * @param cachePolicy what becomes of the states
 */
public record RolloutCommand(String releaseId, ModelReference model, CacheTransition cachePolicy) {

    /**
     * Reads an order.
     *
     * @throws IllegalArgumentException if it is none that an inference operator can carry out
     */
    public static RolloutCommand of(ModelRelease release) {
        if (release.getAction() != ReleaseAction.ROLL_OUT) {
            throw new IllegalArgumentException("release " + release.getReleaseId() + " asks for " + release.getAction()
                    + ", which this operator does not do");
        }
        CacheTransition policy =
                switch (release.getCachePolicy()) {
                    case RESET -> CacheTransition.RESET;
                    case MIGRATE -> CacheTransition.MIGRATE;
                    case DRAIN -> CacheTransition.DRAIN;
                    case UNKNOWN ->
                        throw new IllegalArgumentException(
                                "release " + release.getReleaseId() + " names no cache policy known here");
                };
        return new RolloutCommand(
                release.getReleaseId(),
                new ModelReference(
                        release.getModel(), release.getVersion(), release.getLocation(), release.getSha256()),
                policy);
    }
}
