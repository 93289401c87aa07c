package io.millrace.jobs.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * A checkpoint or savepoint of a job.
 *
 * @param id number
 * @param at when it was complete, or failed
 * @param path where it is; empty if it failed or is in the JobManager's memory
 * @param failure why it failed; empty if it did not
 */
public record CheckpointSummary(long id, Instant at, Optional<String> path, Optional<String> failure) {}
