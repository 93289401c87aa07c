package io.millrace.bench;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs the variants in turn, on the same network and records, as often as planned. */
final class InferenceBench {

    private final Plan plan;
    private final Consumer<String> progress;

    /**
     * How much to measure.
     *
     * @param keys keys of the comparison
     * @param window flows that the network looks back on
     * @param batch records a batch
     * @param slots arena slots; 0 for as many as there are keys
     * @param repeats turns of the comparison
     * @param records most records measured in one run
     * @param warmUpSeconds time before each measurement
     * @param seconds longest measurement
     * @param seed seed of weights and records
     */
    record Plan(
            int keys,
            int window,
            int batch,
            int slots,
            int repeats,
            long records,
            double warmUpSeconds,
            double seconds,
            long seed) {

        Workload workload(int forKeys) {
            return new Workload(forKeys, window, seed, 0, 0);
        }

        BenchJobs jobs(int forKeys) {
            return new BenchJobs(batch, slots == 0 ? forKeys : slots);
        }
    }

    InferenceBench(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Some variants in turn, as often as planned. */
    Turns<Variant> compare(BenchCluster cluster, Set<Variant> variants) throws Exception {
        return Turns.measure(variants, plan.repeats(), variant -> run(cluster, variant, plan.keys(), 0));
    }

    /** The operator with several numbers of keys in turn, as often as planned. */
    Turns<Integer> scale(BenchCluster cluster, List<Integer> keys) throws Exception {
        return Turns.measure(keys, plan.repeats(), number -> run(cluster, Variant.OPERATOR, number, 0));
    }

    /** One run of one variant, saturated or at a given rate. */
    Rate run(BenchCluster cluster, Variant variant, int keys, double perSecond) throws Exception {
        Rate rate;
        Workload workload = plan.workload(keys);
        if (variant == Variant.RAW) {
            try (RawNetwork network = new RawNetwork(workload, plan.batch())) {
                rate = network.run(plan.warmUpSeconds(), plan.seconds());
            }
        } else {
            BenchCluster.Running job = cluster.start(plan.jobs(keys), variant, workload, perSecond);
            try {
                cluster.awaitRecords(job, 1);
                pause(plan.warmUpSeconds());
                if (variant == Variant.OPERATOR && perSecond == 0) {
                    cluster.awaitRecords(job, 4L * keys);
                }
                ThreadCpu cpu = new ThreadCpu();
                job.probe().restart();
                long until = job.probe().total() + plan.records();
                long end = System.nanoTime() + (long) (plan.seconds() * 1e9);
                while (System.nanoTime() < end && job.probe().total() < until) {
                    pause(0.02);
                }
                OutputProbe.Reading reading = job.probe().restart();
                rate = new Rate(
                        reading.perSecond(),
                        reading.p50Millis(),
                        reading.p99Millis(),
                        cpu.microsPerRecord(reading.records()));
            } finally {
                cluster.cancel(job);
            }
        }
        progress.accept(String.format(
                "(%s) %,d keys%s: %,.0f records/s, latency p50 %.2f ms, p99 %.2f ms; processor time a record %.1f us in %s",
                variant.letter(),
                keys,
                perSecond > 0 ? String.format(" at %,.0f/s", perSecond) : "",
                rate.perSecond(),
                rate.p50Millis(),
                rate.p99Millis(),
                rate.criticalMicros(),
                rate.cpuMicros()));
        return rate;
    }

    static void pause(double seconds) throws InterruptedException {
        TimeUnit.MICROSECONDS.sleep((long) (seconds * 1e6));
    }
}
