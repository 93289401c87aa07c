package io.millrace.jobs.cluster;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Tells in a line of each failure after which a job begins again, and of each checkpoint that failed. */
public final class JobWatch {

    private final ClusterJobs jobs;
    private final Consumer<String> lines;
    private final Map<String, Seen> seen = new HashMap<>();

    private static final class Seen {
        private Instant lastFailure = Instant.EPOCH;
        private Set<Long> failedCheckpoints = Set.of();
    }

    /** {@code lines}: takes each line, from the thread that looks. */
    public JobWatch(ClusterJobs jobs, Consumer<String> lines) {
        this.jobs = jobs;
        this.lines = lines;
    }

    /** Looks at every job once. A JobManager that does not answer is asked again with the next look. */
    public void look() {
        try {
            var all = jobs.all();
            // one that is being set up has nothing to tell yet, and Flink logs an error when it is asked
            all.stream().filter(job -> !job.state().equals("INITIALIZING")).forEach(this::look);
            Set<String> known = new HashSet<>();
            all.forEach(job -> known.add(job.id()));
            seen.keySet().retainAll(known);
        } catch (IllegalStateException notNow) {
            // it starts, ends, or is busy
        }
    }

    private void look(JobSummary job) {
        Seen before = seen.computeIfAbsent(job.id(), id -> new Seen());
        for (JobFailure failure : jobs.failures(job.id())) {
            if (failure.at().isAfter(before.lastFailure)) {
                before.lastFailure = failure.at();
                lines.accept(time(failure.at()) + " job " + job.name()
                        + (job.state().equals("FAILED") ? " failed: " : " restarts: ") + failure.cause());
            }
        }
        Set<Long> failed = new HashSet<>();
        for (CheckpointSummary checkpoint : jobs.failedCheckpoints(job.id())) {
            failed.add(checkpoint.id());
            if (!before.failedCheckpoints.contains(checkpoint.id())) {
                lines.accept(time(checkpoint.at()) + " checkpoint " + checkpoint.id() + " of job " + job.name()
                        + " failed: " + checkpoint.failure().orElse("no reason is given"));
            }
        }
        before.failedCheckpoints = failed;
    }

    private static LocalTime time(Instant at) {
        return at.atZone(ZoneId.systemDefault()).toLocalTime().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Looks again and again from a thread that does not hold the process. */
    public Thread start(long everyMillis) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            Thread.sleep(everyMillis);
                            look();
                        }
                    } catch (InterruptedException over) {
                        Thread.currentThread().interrupt();
                    }
                },
                "job-watch");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
