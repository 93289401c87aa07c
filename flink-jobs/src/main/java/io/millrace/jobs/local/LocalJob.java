package io.millrace.jobs.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.millrace.jobs.lifecycle.Causes;
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

    /** Whether every task runs. */
    public boolean isRunning() throws Exception {
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
        return Causes.ofTrace(info.getExceptionAsString());
    }

    /** Stops the job with everything that is under way answered and committed. */
    public void drain(Path savepoints, Duration limit) throws Exception {
        cluster.stopWithSavepoint(id, savepoints.toUri().toString(), true, SavepointFormatType.NATIVE)
                .get(limit.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Stops the job with what is under way in a savepoint, in a format that every state backend reads.
     *
     * @param savepoints URI of the folder for it
     * @return URI of the savepoint
     * @throws IllegalStateException if there is none, or not within the limit
     */
    public String stop(String savepoints, Duration limit) throws InterruptedException {
        try {
            return cluster.stopWithSavepoint(id, savepoints, false, SavepointFormatType.CANONICAL)
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(Causes.of(failed), failed);
        } catch (TimeoutException late) {
            throw new IllegalStateException("it was not complete within " + limit.toSeconds() + " s", late);
        }
    }

    /** Cancels the job as it stands. */
    public void cancel() throws Exception {
        cluster.cancelJob(id).get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }
}
