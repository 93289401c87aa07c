package io.millrace.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Whether native arrays or memory grow over many records through the operator. */
final class LeakBench {

    /**
     * Before and after.
     *
     * @param records records between
     * @param arraysBefore native arrays that the operator's step managers held
     * @param arraysAfter the same, later, at the same place of a step
     * @param residentBefore resident memory of the process in bytes
     * @param residentAfter the same, later
     */
    record Reading(long records, long arraysBefore, long arraysAfter, long residentBefore, long residentAfter) {}

    private final InferenceBench.Plan plan;
    private final Consumer<String> progress;

    LeakBench(InferenceBench.Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    Reading run(BenchCluster cluster, long records) throws Exception {
        ArrayCount.reset();
        BenchCluster.Running job =
                cluster.start(plan.jobs(plan.keys()), Variant.OPERATOR, plan.workload(plan.keys()), 0);
        try {
            cluster.awaitRecords(job, 20L * plan.keys());
            long before = ArrayCount.last();
            long residentBefore = resident();
            long from = job.probe().total();
            cluster.awaitRecords(job, from + records);
            Reading reading =
                    new Reading(job.probe().total() - from, before, ArrayCount.last(), residentBefore, resident());
            progress.accept("leak check: " + reading);
            return reading;
        } finally {
            cluster.cancel(job);
        }
    }

    private static long resident() throws java.io.IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
