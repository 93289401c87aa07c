package io.millrace.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.lifecycle.StateFolders;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.rocksdb.CompressionType;

/** Flink's own options for a job of ours. */
public final class FlinkOptions {

    private FlinkOptions() {}

    /**
     * The options; what the configuration names itself goes before what is set here. The job has folders of its own in
     * the directories of checkpoints and savepoints, and says where they are in its parameters.
     */
    public static Configuration of(JobConfiguration job) {
        JobConfiguration.FlinkSettings settings = job.flink();
        Configuration options = new Configuration();
        options.set(PipelineOptions.NAME, job.name());
        options.set(PipelineOptions.GENERIC_TYPES, false);
        options.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(50));
        options.set(CoreOptions.DEFAULT_PARALLELISM, settings.parallelism());
        options.set(StateBackendOptions.STATE_BACKEND, settings.stateBackend());
        options.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, settings.checkpointInterval());
        options.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        options.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofMinutes(5));
        options.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 10);
        options.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (settings.checkpointDirectory() != null) {
            options.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, settings.checkpointDirectory());
        }
        if (settings.savepointDirectory() != null) {
            options.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, settings.savepointDirectory());
        }
        if (settings.stateBackend().equals("rocksdb")) {
            rocksDb(options);
        }
        options.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        options.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(500));
        options.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(30));
        settings.properties().forEach(options::setString);
        options.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .map(directory -> StateFolders.of(
                        job.name(), directory, options.getOptional(CheckpointingOptions.SAVEPOINT_DIRECTORY)))
                .ifPresent(folders -> keepStateIn(folders, options));
        return options;
    }

    private static void keepStateIn(StateFolders folders, Configuration options) {
        options.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folders.checkpoints());
        options.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, folders.savepoints());
        Map<String, String> parameters = new HashMap<>(
                options.getOptional(PipelineOptions.GLOBAL_JOB_PARAMETERS).orElse(Map.of()));
        parameters.put(StateFolders.CHECKPOINTS_PARAMETER, folders.checkpoints());
        parameters.put(StateFolders.SAVEPOINTS_PARAMETER, folders.savepoints());
        options.set(PipelineOptions.GLOBAL_JOB_PARAMETERS, parameters);
    }

    /**
     * Sets RocksDB up for model states: incremental checkpoints, no attempt to compress floating-point numbers, and write
     * buffers small enough that states written ahead of a checkpoint are on disk before it.
     */
    public static void rocksDb(Configuration options) {
        options.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        options.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        options.set(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL, List.of(CompressionType.NO_COMPRESSION));
        options.set(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE, MemorySize.ofMebiBytes(32));
        options.set(RocksDBConfigurableOptions.MAX_WRITE_BUFFER_NUMBER, 4);
    }
}
