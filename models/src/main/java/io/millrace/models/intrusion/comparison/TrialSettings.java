package io.millrace.models.intrusion.comparison;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What all combinations of a table have in common.
 *
 * @param trainingSha256 hash of the training files
 * @param testSha256 hash of the test files
 * @param trainingWindows windows learnt from at most
 * @param testWindows windows judged at most
 * @param epochs passes over the training windows
 * @param seed seed of the choice of windows, of weights and batches
 */
public record TrialSettings(
        @JsonProperty("training_sha256") String trainingSha256,
        @JsonProperty("test_sha256") String testSha256,
        @JsonProperty("training_windows") int trainingWindows,
        @JsonProperty("test_windows") int testWindows,
        @JsonProperty("epochs") int epochs,
        @JsonProperty("seed") long seed) {

    public TrialSettings {
        if (trainingWindows < 1 || testWindows < 1 || epochs < 1) {
            throw new IllegalArgumentException("windows and epochs of a comparison must be at least 1");
        }
    }
}
