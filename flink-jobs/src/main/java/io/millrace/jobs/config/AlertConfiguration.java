package io.millrace.jobs.config;

import java.time.Duration;

import io.millrace.operators.alert.AlertPolicy;
import org.apiguardian.api.API;

/**
 * When alerts of a stage open and close, see {@link AlertPolicy}; a key left out has the stage's default.
 *
 * @param openAfter observations that open an alert
 * @param within time within which they must lie
 * @param closeAfter quiet time after which an alert closes
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlertConfiguration(Integer openAfter, Duration within, Duration closeAfter) {

    /** Every default. */
    public static AlertConfiguration defaults() {
        return ConfigurationReader.defaults(AlertConfiguration.class);
    }

    /**
     * The correlator's policy.
     *
     * @param stage stage whose settings these are
     * @param defaults what holds where a key is left out
     * @throws ConfigurationException naming the key that does not fit
     */
    public AlertPolicy policy(String stage, AlertPolicy defaults) {
        try {
            return new AlertPolicy(
                    openAfter == null ? defaults.openAfter() : openAfter,
                    within == null ? defaults.within() : within,
                    closeAfter == null ? defaults.closeAfter() : closeAfter);
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException(stage + "." + wrong.getMessage());
        }
    }
}
