package io.millrace.jobs.cluster;

import java.time.Instant;
import java.util.Set;

/**
 * A job that a cluster knows.
 *
 * @param id hexadecimal
 * @param name as on the dashboard
 * @param state as Flink calls it, such as RUNNING
 * @param started when it was submitted
 */
public record JobSummary(String id, String name, String state, Instant started) {
    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");

    /** Whether it has come to its end. */
    public boolean ended() {
        return ENDED.contains(state);
    }
}
