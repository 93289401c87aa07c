package io.millrace.jobs.config;

import java.time.Duration;

import io.millrace.operators.inference.RolloutSettings;
import org.apiguardian.api.API;

/** How models are exchanged, see {@link RolloutSettings}; a key left out has its default. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RolloutConfiguration(
        Duration drainLimit,
        Integer loadAttempts,
        Duration loadPause,
        Duration trialTime,
        RolloutSettings.LayoutChange onLayoutChange) {

    /**
     * The operator's settings.
     *
     * @throws IllegalArgumentException naming the key that does not fit
     */
    RolloutSettings settings() {
        RolloutSettings defaults = RolloutSettings.DEFAULTS;
        return new RolloutSettings(
                drainLimit == null ? defaults.drainLimit() : drainLimit,
                loadAttempts == null ? defaults.loadAttempts() : loadAttempts,
                loadPause == null ? defaults.loadPause() : loadPause,
                trialTime == null ? defaults.trialTime() : trialTime,
                onLayoutChange == null ? defaults.onLayoutChange() : onLayoutChange);
    }
}
