package io.millrace.jobs.cli;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FlinkKeysTest {

    @Test
    void whatNoOptionOfFlinkHasIsUnknown() {
        assertThat(FlinkKeys.unknown(List.of(
                        "taskmanager.numberOfTaskSlots",
                        "taskmanager.numberOfTaskSlotz",
                        "state.backend.rocksdb.localdir",
                        "state.checkpoints.dir",
                        "restart-strategy.fixed-delay.attempts",
                        "metrics.reporter.mine.port",
                        "s3.endpoint",
                        "pipeline.max-parallelism")))
                .containsExactly("taskmanager.numberOfTaskSlotz");
    }
}
