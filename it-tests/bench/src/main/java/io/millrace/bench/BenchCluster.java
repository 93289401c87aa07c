package io.millrace.bench;

import java.util.concurrent.TimeUnit;

import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.local.ProcessFolder;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A cluster of one process with RocksDB, and checkpoints in a temporary folder. */
final class BenchCluster implements AutoCloseable {

    /** A job that runs until it is cancelled. */
    record Running(JobID id, OutputProbe probe) {}

    private static final String LOOPBACK = "127.0.0.1";
    private static final long NEVER_MILLIS = 24 * 3_600_000L;

    private final ProcessFolder folder;
    private final MiniCluster cluster;
    private final Configuration configuration = new Configuration();

    BenchCluster() throws Exception {
        folder = ProcessFolder.create("bench");
        FlinkOptions.rocksDb(configuration);
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.path().resolve("checkpoints").toUri().toString());
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, 2);
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        configuration.set(JobManagerOptions.ADDRESS, LOOPBACK);
        configuration.set(JobManagerOptions.BIND_HOST, LOOPBACK);
        configuration.set(TaskManagerOptions.HOST, LOOPBACK);
        configuration.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
        configuration.set(CoreOptions.TMP_DIRS, folder.path().resolve("tmp").toString());
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .build());
        cluster.start();
    }

    /** Adds a job to an environment; its last operator tells the probe of what leaves. */
    interface Job {
        void build(StreamExecutionEnvironment environment, OutputProbe probe);
    }

    /** Starts a variant. */
    Running start(BenchJobs jobs, Variant variant, Workload workload, double perSecond) throws Exception {
        return start((environment, probe) -> jobs.build(environment, variant, workload, perSecond, probe));
    }

    /** Starts a job. */
    Running start(Job job) throws Exception {
        OutputProbe probe = OutputProbe.open();
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(configuration);
        environment.setParallelism(1);
        environment.enableCheckpointing(NEVER_MILLIS);
        job.build(environment, probe);
        JobID id = cluster.submitJob(environment.getStreamGraph().getJobGraph())
                .get()
                .getJobID();
        return new Running(id, probe);
    }

    /** Waits until the job has answered so many records. */
    void awaitRecords(Running job, long records) throws Exception {
        while (job.probe().total() < records) {
            if (cluster.getJobStatus(job.id()).get().isGloballyTerminalState()) {
                cluster.requestJobResult(job.id())
                        .get()
                        .toJobExecutionResult(getClass().getClassLoader());
                throw new IllegalStateException("the job ended by itself");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Takes a checkpoint and returns what Flink says of it. */
    AbstractCheckpointStats checkpoint(Running job) throws Exception {
        long id = cluster.triggerCheckpoint(job.id(), CheckpointType.CONFIGURED).get();
        return cluster.getExecutionGraph(job.id())
                .get()
                .getCheckpointStatsSnapshot()
                .getHistory()
                .getCheckpointById(id);
    }

    /** Stops a job. */
    void cancel(Running job) throws Exception {
        cluster.cancelJob(job.id()).get();
        cluster.requestJobResult(job.id()).get();
        job.probe().close();
    }

    @Override
    public void close() throws Exception {
        try (folder) {
            cluster.close();
        }
    }
}
