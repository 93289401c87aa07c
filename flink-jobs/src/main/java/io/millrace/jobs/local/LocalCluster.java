package io.millrace.jobs.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.config.JobConfiguration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this process, with its dashboard on loopback. */
public final class LocalCluster implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";

    private final MiniCluster cluster;

    private LocalCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts a cluster.
     *
     * @param slots task slots
     * @param dashboardPort port of the dashboard, 0 for a free one
     * @param folder folder for temporary files
     */
    public static LocalCluster start(int slots, int dashboardPort, Path folder) throws Exception {
        Configuration options = new Configuration();
        options.set(RestOptions.ADDRESS, LOOPBACK);
        options.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        options.set(RestOptions.BIND_PORT, Integer.toString(dashboardPort));
        options.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        options.set(JobManagerOptions.ADDRESS, LOOPBACK);
        options.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        options.set(TaskManagerOptions.HOST, LOOPBACK);
        options.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        options.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        options.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        options.set(BlobServerOptions.STORAGE_DIRECTORY, folder.resolve("blobs").toString());
        options.setString("io.tmp.dirs", folder.resolve("tmp").toString());
        options.setString("web.tmpdir", folder.resolve("web").toString());
        options.setString("metrics.fetcher.update-interval", "1000");
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(options)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
        cluster.start();
        return new LocalCluster(cluster);
    }

    /** Submits a job. */
    public LocalJob submit(JobConfiguration configuration, Consumer<StreamExecutionEnvironment> graph)
            throws Exception {
        return submit(FlinkOptions.of(configuration), graph);
    }

    /** Submits a job with these Flink options. */
    public LocalJob submit(Configuration options, Consumer<StreamExecutionEnvironment> graph) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(options);
        environment.configure(options);
        graph.accept(environment);
        JobID id = cluster.submitJob(environment.getStreamGraph().getJobGraph())
                .get(60, TimeUnit.SECONDS)
                .getJobID();
        return new LocalJob(cluster, id);
    }

    /** Whether it has not ended by itself. */
    public boolean isRunning() {
        return cluster.isRunning();
    }

    /** TaskManagers that are registered. */
    public int taskManagers() throws Exception {
        return cluster.requestClusterOverview().get(30, TimeUnit.SECONDS).getNumTaskManagersConnected();
    }

    /** Starts one more TaskManager, in place of one that has ended by a fatal error. */
    public void startTaskManager() throws Exception {
        cluster.startTaskManager();
    }

    /** Ends the first TaskManager, as a fatal error in it does. */
    public void endTaskManager() throws Exception {
        cluster.terminateTaskManager(0).get(60, TimeUnit.SECONDS);
    }

    /** Address of the dashboard. */
    public URI dashboard() throws Exception {
        return cluster.getRestAddress().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
