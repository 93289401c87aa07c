package io.millrace.jobs.cluster;

import java.time.Instant;

/**
 * A failure of a job, after which it began again or ended.
 *
 * @param at when
 * @param cause in one line
 */
public record JobFailure(Instant at, String cause) {}
