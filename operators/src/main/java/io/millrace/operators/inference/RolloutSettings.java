package io.millrace.operators.inference;

import java.io.Serializable;
import java.time.Duration;

import org.apiguardian.api.API;

/**
 * How a {@link KeyedInferenceOperator} exchanges models.
 *
 * @param drainLimit event time that a model drains for without a state TTL, see {@link CacheTransition#DRAIN}
 * @param loadAttempts how often a model is loaded before its order is given up
 * @param loadPause between two attempts
 * @param trialTime how long a new model may be withdrawn for not working at all
 * @param onLayoutChange what to do when the stored states of the model that serves have another layout than it has now
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RolloutSettings(
        Duration drainLimit, int loadAttempts, Duration loadPause, Duration trialTime, LayoutChange onLayoutChange)
        implements Serializable {

    /** What to do with states that no longer fit the model, since a setting has changed what they mean. */
    public enum LayoutChange {
        /** Every key starts again, which the log says. */
        RESET,
        /** The job does not start. */
        REFUSE
    }

    /** An hour of draining, three attempts half a minute apart, ten minutes of trial, states reset. */
    public static final RolloutSettings DEFAULTS = new RolloutSettings(
            Duration.ofHours(1), 3, Duration.ofSeconds(30), Duration.ofMinutes(10), LayoutChange.RESET);

    public RolloutSettings {
        InferenceSettings.require(
                !drainLimit.isNegative() && !drainLimit.isZero(), "drain-limit", "must be positive, got " + drainLimit);
        InferenceSettings.require(
                loadAttempts >= 1 && loadAttempts <= 100, "load-attempts", "must be 1 to 100, got " + loadAttempts);
        InferenceSettings.require(!loadPause.isNegative(), "load-pause", "must not be negative, got " + loadPause);
        InferenceSettings.require(!trialTime.isNegative(), "trial-time", "must not be negative, got " + trialTime);
    }
}
