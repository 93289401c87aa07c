package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.JobConfiguration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.awaitility.Awaitility;

/** A stage's job on a cluster: started, watched over the REST interface, stopped. */
final class ClusterJob implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final FlinkCluster cluster;
    private final Path folder;
    private JobClient job;

    /** {@code folder}: for savepoints. */
    ClusterJob(FlinkCluster cluster, Path folder) {
        this.cluster = cluster;
        this.folder = folder;
    }

    /**
     * Starts; returns when all of the job runs.
     *
     * @param savepoint where to go on from; null to begin
     */
    void start(JobConfiguration configuration, StreamingJob stage, String savepoint) throws Exception {
        Configuration options = FlinkOptions.of(configuration);
        if (savepoint != null) {
            options.setString("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment("127.0.0.1", cluster.restPort(), options);
        stage.build(environment);
        job = environment.executeAsync();
        Awaitility.await("the job runs").atMost(START_LIMIT).until(this::isRunning);
    }

    /** Whether every task runs. */
    boolean isRunning() throws Exception {
        JsonNode details = cluster.rest("/jobs/" + job.getJobID());
        if (!details.get("state").asText().equals("RUNNING")) {
            return false;
        }
        for (JsonNode vertex : details.get("vertices")) {
            if (!vertex.get("status").asText().equals("RUNNING")) {
                return false;
            }
        }
        return true;
    }

    /** Ids of the living TaskManagers that run tasks of the job; one may hold a slot of it and run none. */
    List<String> taskManagers() throws Exception {
        String path = "/jobs/" + job.getJobID();
        Set<String> ids = new TreeSet<>();
        for (JsonNode vertex : cluster.rest(path).get("vertices")) {
            for (JsonNode subtask : cluster.rest(
                            path + "/vertices/" + vertex.get("id").asText())
                    .get("subtasks")) {
                String id = subtask.get("taskmanager-id").asText();
                if (cluster.isAlive(id)) {
                    ids.add(id);
                }
            }
        }
        return List.copyOf(ids);
    }

    /** Number of the checkpoint that the job was restored from last; 0 if none. */
    long restoredCheckpoint() throws Exception {
        JsonNode restored = checkpoints().get("latest").get("restored");
        return restored == null || restored.isNull() ? 0 : restored.get("id").asLong();
    }

    /** Number of the checkpoint that was completed last; 0 if none. */
    long completedCheckpoint() throws Exception {
        JsonNode completed = checkpoints().get("latest").get("completed");
        return completed == null || completed.isNull() ? 0 : completed.get("id").asLong();
    }

    /** How often the job was restored from a checkpoint. */
    int restores() throws Exception {
        return checkpoints().get("counts").get("restored").asInt();
    }

    private JsonNode checkpoints() throws Exception {
        return cluster.rest("/jobs/" + job.getJobID() + "/checkpoints");
    }

    /** Stops the job with what is under way in a savepoint; returns where that is. */
    String stop(boolean drain) throws Exception {
        return job.stopWithSavepoint(
                        drain, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get(90, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        if (job != null && !job.getJobStatus().get(30, TimeUnit.SECONDS).isGloballyTerminalState()) {
            job.cancel().get(30, TimeUnit.SECONDS);
        }
    }
}
