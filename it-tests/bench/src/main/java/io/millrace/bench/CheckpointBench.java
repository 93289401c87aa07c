package io.millrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.SubtaskStateStats;
import org.apache.flink.runtime.checkpoint.TaskStateStats;

/**
 * How long a checkpoint stops the operator's output, with the states of all keys newer than those of the checkpoint
 * before. Checkpoints come at regular intervals, as in a job, so that the operator can foresee them.
 */
final class CheckpointBench {

    /** The operator knows the interval from the second checkpoint on, and the cost of changes from the next. */
    private static final int NOT_COUNTED = 3;

    private final InferenceBench.Plan plan;
    private final Consumer<String> progress;

    /**
     * One checkpoint.
     *
     * @param recordsPerKey records since the checkpoint before, per key
     * @param durationMillis from trigger to acknowledgement
     * @param syncMillis longest part that the task thread spent on it, in Flink's backends
     * @param bytes bytes written
     * @param gapMillis longest time without output from the trigger to the end of the checkpoint
     * @param ordinaryGapMillis longest time without output since the checkpoint before, while states are written ahead
     *     of this one
     */
    record Reading(
            double recordsPerKey,
            double durationMillis,
            double syncMillis,
            double bytes,
            double gapMillis,
            double ordinaryGapMillis) {}

    CheckpointBench(InferenceBench.Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Takes checkpoints of a running job.
     *
     * @param workload records of keys, all of which have one between two checkpoints
     * @param perSecond rate of the records; 0 for saturated
     * @param intervalSeconds time from one checkpoint to the next
     * @param count checkpoints to take, after those that make the interval known
     */
    List<Reading> run(BenchCluster cluster, Workload workload, double perSecond, double intervalSeconds, int count)
            throws Exception {
        int keys = workload.keys();
        BenchCluster.Running job = cluster.start(plan.jobs(keys), Variant.OPERATOR, workload, perSecond);
        List<Reading> readings = new ArrayList<>();
        try {
            cluster.awaitRecords(job, (plan.window() + 4L) * keys);
            long interval = (long) (intervalSeconds * 1e9);
            long due = System.nanoTime();
            long before = job.probe().total();
            for (int i = -NOT_COUNTED; i < count; i++) {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                due += interval;
                double ordinary = job.probe().restart().longestGapMillis();
                AbstractCheckpointStats stats = cluster.checkpoint(job);
                long after = job.probe().total();
                cluster.awaitRecords(job, after + 2L * plan.batch());
                double gap = job.probe().restart().longestGapMillis();
                double perKey = (after - before) / (double) keys;
                before = after;
                if (i < 0) {
                    continue;
                }
                Reading reading = new Reading(
                        perKey,
                        stats.getEndToEndDuration(),
                        syncMillis(stats),
                        stats.getCheckpointedSize(),
                        gap,
                        ordinary);
                readings.add(reading);
                progress.accept(String.format(
                        "checkpoint of %,d keys (%.1f records each): output stopped for %.0f ms (%.0f ms without one),"
                                + " took %.0f ms, sync part %.0f ms, %.1f MB",
                        keys,
                        reading.recordsPerKey(),
                        gap,
                        ordinary,
                        reading.durationMillis(),
                        reading.syncMillis(),
                        reading.bytes() / 1e6));
            }
        } finally {
            cluster.cancel(job);
        }
        return readings;
    }

    private static double syncMillis(AbstractCheckpointStats stats) {
        long longest = 0;
        for (TaskStateStats task : stats.getAllTaskStateStats()) {
            for (SubtaskStateStats subtask : task.getSubtaskStats()) {
                longest = subtask == null ? longest : Math.max(longest, subtask.getSyncCheckpointDuration());
            }
        }
        return longest;
    }
}
