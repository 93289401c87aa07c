package io.millrace.jobs.cluster;

import java.io.IOException;
import java.nio.file.Path;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterOptionsTest {
    private static final MemorySize HEAP = MemorySize.ofMebiBytes(1024);

    @Test
    void aJobManagerKeepsToLoopback() {
        Configuration options = ClusterOptions.jobManager(new Configuration());
        assertThat(options.get(JobManagerOptions.ADDRESS)).isEqualTo("127.0.0.1");
        assertThat(options.get(JobManagerOptions.BIND_HOST)).isEqualTo("127.0.0.1");
        assertThat(options.get(RestOptions.ADDRESS)).isEqualTo("127.0.0.1");
        assertThat(options.get(RestOptions.BIND_ADDRESS)).isEqualTo("127.0.0.1");
    }

    @Test
    void whatIsGivenGoesBefore() {
        Configuration given = new Configuration();
        given.set(JobManagerOptions.ADDRESS, "flink.example");
        given.set(RestOptions.BIND_ADDRESS, "0.0.0.0");
        Configuration options = ClusterOptions.jobManager(given);
        assertThat(options.get(JobManagerOptions.ADDRESS)).isEqualTo("flink.example");
        assertThat(options.get(RestOptions.ADDRESS))
                .as("clients are sent to the same machine")
                .isEqualTo("flink.example");
        assertThat(options.get(RestOptions.BIND_ADDRESS)).isEqualTo("0.0.0.0");
        assertThat(given.keySet()).as("is left as it was").hasSize(2);
    }

    @Test
    void aTaskManagersMemoryIsWhatFlinkNeedsToStart() {
        Configuration options = ClusterOptions.taskManager(new Configuration(), HEAP);
        assertThat(options.get(TaskManagerOptions.TASK_HEAP_MEMORY)).isEqualTo(MemorySize.ofMebiBytes(1024 - 64));
        assertThat(options.get(TaskManagerOptions.NETWORK_MEMORY_MIN))
                .isEqualTo(options.get(TaskManagerOptions.NETWORK_MEMORY_MAX));
        assertThat(TaskExecutorProcessUtils.processSpecFromConfig(options).getTaskHeapSize())
                .isEqualTo(MemorySize.ofMebiBytes(1024 - 64));
        assertThat(options.get(TaskManagerOptions.HOST)).isEqualTo("127.0.0.1");
    }

    @Test
    void aTaskManagerThatListensElsewhereIsNotCalledLoopback() {
        Configuration given = new Configuration();
        given.set(TaskManagerOptions.BIND_HOST, "0.0.0.0");
        given.set(TaskManagerOptions.FRAMEWORK_HEAP_MEMORY, MemorySize.ofMebiBytes(100));
        given.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(300));
        Configuration options = ClusterOptions.taskManager(given, HEAP);
        assertThat(options.contains(TaskManagerOptions.HOST)).isFalse();
        assertThat(options.get(TaskManagerOptions.TASK_HEAP_MEMORY)).isEqualTo(MemorySize.ofMebiBytes(924));
        assertThat(options.get(TaskManagerOptions.NETWORK_MEMORY_MIN)).isEqualTo(MemorySize.ofMebiBytes(300));
    }

    @Test
    void temporaryFilesGoToAFolderOfTheProcessUnlessOneIsNamed() throws IOException {
        Configuration named = new Configuration();
        named.set(CoreOptions.TMP_DIRS, "/var/tmp/mine");
        assertThat(ClusterOptions.withTemporaryFolder(named, "test").get(CoreOptions.TMP_DIRS))
                .isEqualTo("/var/tmp/mine");
        Configuration options = ClusterOptions.withTemporaryFolder(new Configuration(), "cluster-options-test");
        assertThat(Path.of(options.get(CoreOptions.TMP_DIRS)))
                .isDirectory()
                .asString()
                .contains("cluster-options-test-");
        assertThat(options.get(WebOptions.TMP_DIR)).isEqualTo(options.get(CoreOptions.TMP_DIRS));
    }
}
