package io.millrace.jobs.cluster;

import java.io.IOException;

import io.millrace.jobs.local.ProcessFolder;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/**
 * Flink's options for the processes of a standalone cluster: those given, and for what they leave out defaults that keep
 * to the loopback interface.
 *
 * <p>Flink's own start scripts work the memory settings of a TaskManager out before they start it; without them each part
 * must be named, which is done here.
 */
public final class ClusterOptions {

    private static final String LOOPBACK = "127.0.0.1";
    private static final MemorySize FRAMEWORK_HEAP = MemorySize.ofMebiBytes(64);

    private ClusterOptions() {}

    /** Options of a JobManager. */
    public static Configuration jobManager(Configuration given) {
        Configuration options = new Configuration(given);
        setIfAbsent(options, JobManagerOptions.ADDRESS, LOOPBACK);
        setIfAbsent(options, JobManagerOptions.BIND_HOST, LOOPBACK);
        setIfAbsent(options, RestOptions.ADDRESS, options.get(JobManagerOptions.ADDRESS));
        setIfAbsent(options, RestOptions.BIND_ADDRESS, LOOPBACK);
        return options;
    }

    /**
     * Options of a TaskManager.
     *
     * @param heap heap of its process
     */
    public static Configuration taskManager(Configuration given, MemorySize heap) {
        Configuration options = new Configuration(given);
        setIfAbsent(options, JobManagerOptions.ADDRESS, LOOPBACK);
        if (!options.contains(TaskManagerOptions.BIND_HOST)) {
            options.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
            setIfAbsent(options, TaskManagerOptions.HOST, LOOPBACK);
        }
        setIfAbsent(options, TaskManagerOptions.CPU_CORES, (double)
                Runtime.getRuntime().availableProcessors());
        setIfAbsent(options, TaskManagerOptions.FRAMEWORK_HEAP_MEMORY, FRAMEWORK_HEAP);
        setIfAbsent(
                options,
                TaskManagerOptions.TASK_HEAP_MEMORY,
                heap.subtract(options.get(TaskManagerOptions.FRAMEWORK_HEAP_MEMORY)));
        setIfAbsent(options, TaskManagerOptions.FRAMEWORK_OFF_HEAP_MEMORY, MemorySize.ofMebiBytes(64));
        // the native memory of the engine
        setIfAbsent(options, TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.ofMebiBytes(512));
        setIfAbsent(options, TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        setIfAbsent(options, TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        options.set(TaskManagerOptions.NETWORK_MEMORY_MIN, options.get(TaskManagerOptions.NETWORK_MEMORY_MAX));
        setIfAbsent(options, TaskManagerOptions.JVM_METASPACE, MemorySize.ofMebiBytes(256));
        setIfAbsent(options, TaskManagerOptions.JVM_OVERHEAD_MAX, MemorySize.ofMebiBytes(192));
        options.set(TaskManagerOptions.JVM_OVERHEAD_MIN, options.get(TaskManagerOptions.JVM_OVERHEAD_MAX));
        return options;
    }

    /**
     * The options with temporary files in a folder that the next start clears if this process is killed, unless they
     * name a folder themselves.
     *
     * @param purpose first part of the folder's name
     * @throws IOException if the folder cannot be made
     */
    public static Configuration withTemporaryFolder(Configuration given, String purpose) throws IOException {
        if (given.contains(CoreOptions.TMP_DIRS)) {
            return given;
        }
        ProcessFolder folder = ProcessFolder.create(purpose);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                folder.close();
                            } catch (IOException remains) {
                                // the next start clears it
                            }
                        },
                        "temporary-folder"));
        Configuration options = new Configuration(given);
        options.set(CoreOptions.TMP_DIRS, folder.path().toString());
        setIfAbsent(options, WebOptions.TMP_DIR, folder.path().toString());
        return options;
    }

    private static <T> void setIfAbsent(Configuration options, ConfigOption<T> option, T value) {
        if (!options.contains(option)) {
            options.set(option, value);
        }
    }
}
