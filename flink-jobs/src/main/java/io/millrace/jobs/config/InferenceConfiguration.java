package io.millrace.jobs.config;

import java.time.Duration;

import io.millrace.operators.inference.InferenceSettings;
import org.apiguardian.api.API;

/** Batching and state of a stage's model, see {@link InferenceSettings}; a key left out has the stage's default. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record InferenceConfiguration(
        Integer maxBatch,
        Duration maxWait,
        Integer capacity,
        Integer slots,
        Integer pipelineDepth,
        Duration stateTtl,
        Duration writeAheadFrom,
        String device,
        Long capacityBytes,
        Integer preparationThreads,
        RolloutConfiguration rollout) {

    /** Every default. */
    public static InferenceConfiguration defaults() {
        return ConfigurationReader.defaults(InferenceConfiguration.class);
    }

    /**
     * The operator's settings for a stage: what is given here, and the stage's defaults otherwise.
     *
     * @throws ConfigurationException naming the key that does not fit
     */
    public InferenceSettings settings(String stage, InferenceSettings.Builder builder) {
        if (maxBatch != null) {
            builder.optMaxBatch(maxBatch);
        }
        if (maxWait != null) {
            builder.optMaxWait(maxWait);
        }
        if (capacity != null) {
            builder.optCapacity(capacity);
        }
        if (slots != null) {
            builder.optSlots(slots);
        }
        if (pipelineDepth != null) {
            builder.optPipelineDepth(pipelineDepth);
        }
        if (stateTtl != null) {
            builder.optStateTtl(stateTtl);
        }
        if (writeAheadFrom != null) {
            builder.optWriteAheadFrom(writeAheadFrom);
        }
        if (device != null) {
            builder.optDevice(device);
        }
        if (capacityBytes != null) {
            builder.optCapacityBytes(capacityBytes);
        }
        if (preparationThreads != null) {
            builder.optPreparationThreads(preparationThreads);
        }
        try {
            if (rollout != null) {
                builder.optRollout(rollout.settings());
            }
            return builder.build();
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException(stage + ".inference: " + wrong.getMessage());
        }
    }
}
