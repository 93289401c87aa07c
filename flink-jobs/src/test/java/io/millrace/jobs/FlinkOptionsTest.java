package io.millrace.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.lifecycle.StateFolders;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FlinkOptionsTest {

    private static Configuration options(Map<String, ?> flink) {
        return FlinkOptions.of(new JobConfiguration(
                "flows",
                new JobConfiguration.Kafka("b:1", Map.of()),
                new JobConfiguration.Registry("http://r", Map.of()),
                ConfigurationReader.of(JobConfiguration.FlinkSettings.class, flink),
                null,
                Map.of()));
    }

    @Test
    void aJobIsNamedCheckpointedAndKeepsItsLastStateWhenCancelled() {
        Configuration options = options(Map.of("parallelism", 3, "checkpoint-interval", Duration.ofSeconds(7)));
        assertThat(options.get(PipelineOptions.NAME)).isEqualTo("flows");
        assertThat(options.get(CoreOptions.DEFAULT_PARALLELISM)).isEqualTo(3);
        assertThat(options.get(CheckpointingOptions.CHECKPOINTING_INTERVAL)).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE))
                .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
        assertThat(options.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION))
                .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        assertThat(options.get(PipelineOptions.GENERIC_TYPES))
                .as("a type that Flink cannot serialise by itself is refused")
                .isFalse();
        assertThat(StateFolders.in(options)).isEmpty();
    }

    @Test
    void aBackendIsSetUpAsItIsNamed() {
        assertThat(options(Map.of()).get(StateBackendOptions.STATE_BACKEND)).isEqualTo("rocksdb");
        assertThat(options(Map.of()).get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS))
                .isTrue();
        Configuration heap = options(Map.of("state-backend", "hashmap"));
        assertThat(heap.get(StateBackendOptions.STATE_BACKEND)).isEqualTo("hashmap");
        assertThat(heap.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isFalse();
    }

    @Test
    void theJobHasFoldersOfItsOwnAndSaysWhere() {
        Configuration options =
                options(Map.of("checkpoint-directory", "file:///c", "savepoint-directory", "file:///s"));
        assertThat(StateFolders.in(options)).contains(new StateFolders("file:///c/flows", "file:///s/flows"));
        assertThat(options.get(PipelineOptions.GLOBAL_JOB_PARAMETERS))
                .containsEntry("millrace.checkpoints", "file:///c/flows")
                .containsEntry("millrace.savepoints", "file:///s/flows");
    }

    @Test
    void flinksOwnOptionsGoBeforeOurs() {
        Map<String, String> own = new HashMap<>();
        own.put("execution.checkpointing.timeout", "1 h");
        own.put("execution.checkpointing.dir", "file:///own");
        own.put("pipeline.global-job-parameters", "team:blue");
        Configuration options = options(Map.of("checkpoint-directory", "file:///c", "properties", own));
        assertThat(options.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT)).isEqualTo(Duration.ofHours(1));
        assertThat(StateFolders.in(options))
                .contains(new StateFolders("file:///own/flows", "file:///own/flows/savepoints"));
        assertThat(options.get(PipelineOptions.GLOBAL_JOB_PARAMETERS))
                .containsEntry("team", "blue")
                .containsEntry("millrace.checkpoints", "file:///own/flows");
    }
}
