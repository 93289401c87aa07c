package io.millrace.jobs.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;

/** A job on a {@link LocalCluster}. */
public final class LocalJob {

    private static final long ANSWER_SECONDS = 30;

    private final MiniCluster cluster;
    private final JobID id;

    LocalJob(MiniCluster cluster, JobID id) {
        this.cluster = cluster;
        this.id = id;
    }

    /** Where the job stands. */
    public JobStatus status() throws Exception {
        return cluster.getJobStatus(id).get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits until every task runs; says why if the job failed instead. */
    public void awaitRunning(Duration limit) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!isRunning()) {
            JobStatus status = status();
            if (status.isGloballyTerminalState()) {
                throw new IllegalStateException("the job is " + status + ": " + failure());
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the job is still " + status + " after " + limit.toSeconds() + " s");
            }
            Thread.sleep(100);
        }
    }

    private boolean isRunning() throws Exception {
        if (status() != JobStatus.RUNNING) {
            return false;
        }
        for (AccessExecutionVertex vertex : cluster.getExecutionGraph(id)
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .getAllExecutionVertices()) {
            if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }

    /** Why the job failed, in one line; empty if it has not. */
    public String failure() throws Exception {
        var info = cluster.getExecutionGraph(id)
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .getFailureInfo();
        if (info == null) {
            return "";
        }
        String text = info.getExceptionAsString();
        return text.lines()
                .filter(line -> line.startsWith("Caused by:"))
                .reduce((first, last) -> last)
                .orElse(text.lines().findFirst().orElse(""));
    }

    /** Stops the job with everything that is under way answered and committed. */
    public void drain(Path savepoints, Duration limit) throws Exception {
        cluster.stopWithSavepoint(id, savepoints.toUri().toString(), true, SavepointFormatType.NATIVE)
                .get(limit.toSeconds(), TimeUnit.SECONDS);
    }

    /** Cancels the job as it stands. */
    public void cancel() throws Exception {
        cluster.cancelJob(id).get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }
}
