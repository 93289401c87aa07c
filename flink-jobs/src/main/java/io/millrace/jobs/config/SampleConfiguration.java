package io.millrace.jobs.config;

import io.millrace.operators.features.FeatureDraw;
import org.apiguardian.api.API;

/**
 * How many samples of what its model saw a stage gives.
 *
 * @param draw which records are drawn
 * @param perMinute samples of a key in a minute of event time at most
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SampleConfiguration(FeatureDraw draw, int perMinute) {

    public static final double DEFAULT_RATE = 0.01;
    public static final int DEFAULT_PER_MINUTE = 60;

    /**
     * Checks the settings of a stage.
     *
     * @throws ConfigurationException naming the key that does not fit
     */
    public static SampleConfiguration of(String stage, double rate, int perMinute) {
        if (perMinute < 1) {
            throw new ConfigurationException(stage + ".samples-per-minute must be at least 1, got " + perMinute);
        }
        try {
            return new SampleConfiguration(new FeatureDraw(rate), perMinute);
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException(stage + "." + wrong.getMessage());
        }
    }
}
