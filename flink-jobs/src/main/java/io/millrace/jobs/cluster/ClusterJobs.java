package io.millrace.jobs.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.jobs.lifecycle.Causes;
import io.millrace.jobs.lifecycle.StateFolders;

/** The jobs of a cluster, as its JobManager tells of them; its errors are those of {@link FlinkRest}. */
public final class ClusterJobs {
    private static final int ATTEMPTS = 5;
    private static final String WHOLE_JOB = "(global failure)";

    private final FlinkRest rest;

    public ClusterJobs(FlinkRest rest) {
        this.rest = rest;
    }

    /** All that it knows, those that have ended too. */
    public List<JobSummary> all() {
        List<JobSummary> jobs = new ArrayList<>();
        for (JsonNode job : needed(rest.get("/jobs/overview"), "jobs")) {
            jobs.add(new JobSummary(
                    needed(job, "jid").asText(),
                    needed(job, "name").asText(),
                    needed(job, "state").asText(),
                    Instant.ofEpochMilli(needed(job, "start-time").asLong())));
        }
        return jobs;
    }

    private JsonNode needed(JsonNode answer, String field) {
        JsonNode value = answer.get(field);
        if (value == null) {
            throw rest.somethingElse();
        }
        return value;
    }

    /** How often a job has begun again; empty if the cluster does not say. */
    public Optional<Long> restarts(String id) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            JsonNode metrics = rest.get("/jobs/" + id + "/metrics?get=numRestarts");
            if (!metrics.isEmpty()) {
                return Optional.of(metrics.get(0).path("value").asLong());
            }
            // the JobManager gathers metrics when it is asked for them, and answers with what it has
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return Optional.empty();
    }

    /** The job of this name or id that has not ended; of several that are named so the last that was submitted. */
    public Optional<JobSummary> running(String nameOrId) {
        return all().stream()
                .filter(job -> !job.ended())
                .filter(job -> job.id().equals(nameOrId) || job.name().equals(nameOrId))
                .max((a, b) -> a.started().compareTo(b.started()));
    }

    /** The state of a job, as Flink calls it. */
    public String state(String id) {
        return needed(rest.get("/jobs/" + id), "state").asText();
    }

    /** Whether every task of a job runs. */
    public boolean isRunning(String id) {
        JsonNode job = rest.get("/jobs/" + id);
        return needed(job, "state").asText().equals("RUNNING")
                && StreamSupport.stream(job.path("vertices").spliterator(), false)
                        .allMatch(vertex -> vertex.get("status").asText().equals("RUNNING"));
    }

    /** The last checkpoint that a job has completed, or the one that it was restored from. */
    public Optional<CheckpointSummary> lastCheckpoint(String id) {
        JsonNode latest = rest.get("/jobs/" + id + "/checkpoints").path("latest");
        JsonNode completed = latest.path("completed");
        if (completed.hasNonNull("id")) {
            return Optional.of(summary(completed, "latest_ack_timestamp"));
        }
        JsonNode restored = latest.path("restored");
        return restored.hasNonNull("id") ? Optional.of(summary(restored, "restore_timestamp")) : Optional.empty();
    }

    /** The failed ones among the last checkpoints of a job, the oldest first. */
    public List<CheckpointSummary> failedCheckpoints(String id) {
        return StreamSupport.stream(
                        rest.get("/jobs/" + id + "/checkpoints").path("history").spliterator(), false)
                .filter(checkpoint -> checkpoint.path("status").asText().equals("FAILED"))
                .map(checkpoint -> summary(checkpoint, "failure_timestamp"))
                .sorted((a, b) -> Long.compare(a.id(), b.id()))
                .toList();
    }

    private static CheckpointSummary summary(JsonNode checkpoint, String time) {
        return new CheckpointSummary(
                checkpoint.get("id").asLong(),
                Instant.ofEpochMilli(checkpoint.path(time).asLong()),
                Optional.ofNullable(checkpoint.path("external_path").textValue())
                        .filter(path -> !path.startsWith("<")),
                Optional.ofNullable(checkpoint.path("failure_message").textValue())
                        .map(Causes::ofTrace));
    }

    /** The failures of a job that the cluster remembers, the oldest first. */
    public List<JobFailure> failures(String id) {
        return StreamSupport.stream(
                        rest.get("/jobs/" + id + "/exceptions")
                                .path("exceptionHistory")
                                .path("entries")
                                .spliterator(),
                        false)
                .map(entry -> new JobFailure(
                        Instant.ofEpochMilli(entry.get("timestamp").asLong()),
                        Causes.ofTrace(entry.path("stacktrace").asText()) + in(entry.path("taskName"))))
                .sorted((a, b) -> a.at().compareTo(b.at()))
                .toList();
    }

    private static String in(JsonNode task) {
        String name = task.textValue();
        return name == null || name.isBlank() || name.equals(WHOLE_JOB) ? "" : " (in " + name + ")";
    }

    /** The folders of a job's state, as it was started with them; empty if it was not started by Millrace or has none. */
    public Optional<StateFolders> folders(String id) {
        JsonNode parameters =
                rest.get("/jobs/" + id + "/config").path("execution-config").path("user-config");
        String checkpoints = parameters.path(StateFolders.CHECKPOINTS_PARAMETER).textValue();
        String savepoints = parameters.path(StateFolders.SAVEPOINTS_PARAMETER).textValue();
        return checkpoints == null || savepoints == null
                ? Optional.empty()
                : Optional.of(new StateFolders(checkpoints, savepoints));
    }

    /**
     * Stops a job with a savepoint; returns where that is, when the job has ended.
     *
     * @param directory where it is to go
     * @param drain whether what is under way is brought to its end, as if no more input could come
     * @throws IllegalStateException if there is no savepoint, or not within the limit
     */
    public String stop(String id, String directory, boolean drain, Duration limit) throws InterruptedException {
        JsonNode begun = rest.post(
                "/jobs/" + id + "/stop",
                Map.of("targetDirectory", directory, "drain", drain, "formatType", "CANONICAL"));
        String trigger = needed(begun, "request-id").asText();
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode answer = rest.get("/jobs/" + id + "/savepoints/" + trigger);
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                JsonNode operation = answer.path("operation");
                if (operation.hasNonNull("location")) {
                    return operation.get("location").asText();
                }
                throw new IllegalStateException(Causes.ofTrace(
                        operation.path("failure-cause").path("stack-trace").asText()));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IllegalStateException("it was not complete within " + limit.toSeconds() + " s");
    }
}
