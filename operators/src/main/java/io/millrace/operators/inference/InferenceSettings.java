package io.millrace.operators.inference;

import java.io.Serializable;
import java.time.Duration;

import org.apiguardian.api.API;

/**
 * How a {@link KeyedInferenceOperator} batches, buffers and keeps state.
 *
 * @param stage stage that the operator serves; releases for other stages are ignored
 * @param maxBatch records a batch at most
 * @param maxWait how long the first record of a batch waits for company
 * @param capacity records held at most, waiting or in flight; when full, input is back-pressured
 * @param capacityBytes memory of those records at most, as {@link RecordMapping#bytes} tells it
 * @param preparationThreads threads that prepare records of a mapping that {@linkplain RecordMapping#preparesAside asks for
 *     it}
 * @param slots keys whose state is kept on the device; further keys are kept in Flink state and loaded when needed
 * @param pipelineDepth batches handed to the inference thread at most, the running one included
 * @param stateTtl event time after which the state of an idle key is dropped; zero keeps it for ever
 * @param writeAheadFrom states are written ahead of a checkpoint that would stop the stream for longer than this
 * @param rollout how models are exchanged
 * @param device {@code auto}, {@code cpu} or {@code gpu:N}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record InferenceSettings(
        String stage,
        int maxBatch,
        Duration maxWait,
        int capacity,
        long capacityBytes,
        int preparationThreads,
        int slots,
        int pipelineDepth,
        Duration stateTtl,
        Duration writeAheadFrom,
        RolloutSettings rollout,
        String device)
        implements Serializable {

    public InferenceSettings {
        require(stage != null && !stage.isBlank(), "stage", "must be named");
        require(maxBatch >= 1 && maxBatch <= 65_536, "max-batch", "must be 1 to 65536, got " + maxBatch);
        require(
                !maxWait.isNegative() && maxWait.toMinutes() < 10,
                "max-wait",
                "must be 0 to 10 minutes, got " + maxWait);
        require(pipelineDepth >= 1 && pipelineDepth <= 8, "pipeline-depth", "must be 1 to 8, got " + pipelineDepth);
        require(capacity >= maxBatch, "capacity", "must be at least max-batch (" + maxBatch + "), got " + capacity);
        require(capacityBytes >= 1, "capacity-bytes", "must be at least 1, got " + capacityBytes);
        require(
                preparationThreads >= 1 && preparationThreads <= 256,
                "preparation-threads",
                "must be 1 to 256, got " + preparationThreads);
        require(
                slots >= (long) maxBatch * pipelineDepth,
                "slots",
                "must hold every batch of the pipeline (max-batch x pipeline-depth = " + (long) maxBatch * pipelineDepth
                        + "), got " + slots);
        require(!stateTtl.isNegative(), "state-ttl", "must not be negative, got " + stateTtl);
        require(!writeAheadFrom.isNegative(), "write-ahead-from", "must not be negative, got " + writeAheadFrom);
        require(
                device != null && device.matches("auto|cpu|gpu:\\d+"),
                "device",
                "must be auto, cpu or gpu:N, got " + device);
    }

    static void require(boolean holds, String name, String what) {
        if (!holds) {
            throw new IllegalArgumentException("inference setting " + name + " " + what);
        }
    }

    public static Builder builder(String stage) {
        return new Builder(stage);
    }

    /** Builder with defaults for a CPU. */
    public static final class Builder {
        private final String stage;
        private int maxBatch = 256;
        private Duration maxWait = Duration.ofMillis(5);
        private int capacity = 2048;
        private long capacityBytes = 64L << 20;
        private int preparationThreads = 2;
        private int slots = 16_384;
        private int pipelineDepth = 2;
        private Duration stateTtl = Duration.ofHours(1);
        private Duration writeAheadFrom = Duration.ofMillis(20);
        private RolloutSettings rollout = RolloutSettings.DEFAULTS;
        private String device = "auto";

        private Builder(String stage) {
            this.stage = stage;
        }

        public Builder optMaxBatch(int value) {
            maxBatch = value;
            return this;
        }

        public Builder optMaxWait(Duration value) {
            maxWait = value;
            return this;
        }

        public Builder optCapacity(int value) {
            capacity = value;
            return this;
        }

        public Builder optCapacityBytes(long value) {
            capacityBytes = value;
            return this;
        }

        public Builder optPreparationThreads(int value) {
            preparationThreads = value;
            return this;
        }

        public Builder optRollout(RolloutSettings value) {
            rollout = value;
            return this;
        }

        public Builder optSlots(int value) {
            slots = value;
            return this;
        }

        public Builder optPipelineDepth(int value) {
            pipelineDepth = value;
            return this;
        }

        public Builder optStateTtl(Duration value) {
            stateTtl = value;
            return this;
        }

        public Builder optWriteAheadFrom(Duration value) {
            writeAheadFrom = value;
            return this;
        }

        public Builder optDevice(String value) {
            device = value;
            return this;
        }

        /**
         * Checks and builds.
         *
         * @throws IllegalArgumentException naming the setting that does not fit
         */
        public InferenceSettings build() {
            return new InferenceSettings(
                    stage,
                    maxBatch,
                    maxWait,
                    capacity,
                    capacityBytes,
                    preparationThreads,
                    slots,
                    pipelineDepth,
                    stateTtl,
                    writeAheadFrom,
                    rollout,
                    device);
        }
    }
}
