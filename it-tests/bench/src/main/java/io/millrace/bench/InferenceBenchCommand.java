package io.millrace.bench;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the keyed inference operator with the network alone and with what one would do without the operator. */
@Command(
        name = "inference",
        description = "Compare keyed batched inference with the raw network, a process function and async I/O.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace bench inference --keys 5000 --repeats 5 --json"})
public final class InferenceBenchCommand extends Bench {

    private static final int QUICK_KEYS = 500;
    private static final double QUICK_SECONDS = 2;

    /** Records a second of a key while checkpoints are taken, where the job is not saturated. */
    private static final double CHECKPOINT_RATE = 2;

    /** Seconds from one checkpoint to the next after which nearly every key has a record, at {@link #CHECKPOINT_RATE}. */
    private static final double STEADY_INTERVAL = 2;

    /** The same when saturated. */
    private static final double SHORT_INTERVAL = 1;

    /** Seconds from one checkpoint to the next after which most keys have a new window when saturated. */
    private static final double LONG_INTERVAL = 5;

    /** Keys and bytes of records as large as pictures, which wait in a checkpoint. */
    private static final int LARGE_KEYS = 200;

    private static final int LARGE_BYTES = 1 << 20;

    /** What a network for pictures takes for one; slower than they come, so that they wait. */
    private static final long LARGE_NANOS = 5_000_000;

    enum Part {
        COMPARE,
        HALF_RATE,
        SCALE,
        CHECKPOINT,
        LARGE,
        FLOOR
    }

    @Option(names = "--keys", paramLabel = "N", description = "Keys of the comparison (default: ${DEFAULT-VALUE}).")
    private int keys = 5000;

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "Records measured in one run at most (default: ${DEFAULT-VALUE}).")
    private long records = 2_000_000;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Seconds measured in one run at most (default: ${DEFAULT-VALUE}).")
    private double seconds = 8;

    @Option(names = "--repeats", paramLabel = "N", description = "Turns of the comparison (default: ${DEFAULT-VALUE}).")
    private int repeats = 3;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Arena slots; 0 for as many as there are keys (default: ${DEFAULT-VALUE}).")
    private int slots;

    @Option(names = "--batch", paramLabel = "N", description = "Records a batch (default: ${DEFAULT-VALUE}).")
    private int batch = 256;

    @Option(
            names = "--window",
            paramLabel = "W",
            description = "Flows that the network looks back on (default: ${DEFAULT-VALUE}).")
    private int window = 16;

    @Option(
            names = "--checkpoint-keys",
            paramLabel = "N",
            description = "Keys whose states a checkpoint writes (default: ${DEFAULT-VALUE}).")
    private int checkpointKeys = 10_000;

    @Option(
            names = "--scale",
            split = ",",
            paramLabel = "N",
            description = "Numbers of keys to compare the cost of a record at (default: 1000,5000,10000,100000).")
    private List<Integer> scale = List.of(1000, 5000, 10_000, 100_000);

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Parts to run: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(
            names = "--variants",
            paramLabel = "V",
            split = ",",
            description = "Variants to compare, OPERATOR among them: ${COMPLETION-CANDIDATES} (default: all).")
    private Set<Variant> variants = EnumSet.allOf(Variant.class);

    @Option(names = "--leak", description = "Also run a million records and compare native arrays and memory.")
    private boolean leak;

    @Option(names = "--quick", description = "Small and short: to see that it works, not to quote.")
    private boolean quick;

    @Override
    protected Map<String, Object> measure() throws Exception {
        require(keys > 0, "--keys must be positive");
        require(batch > 0 && batch <= keys, "--batch must be 1 to the number of keys");
        require(variants.contains(Variant.OPERATOR), "--variants needs OPERATOR, which the others are compared with");
        require(window > 0, "--window must be positive");
        require(repeats > 0, "--repeats must be positive");
        require(records > 0 && seconds > 0, "--records and --seconds must be positive");
        if (quick) {
            keys = Math.min(keys, QUICK_KEYS);
            batch = Math.min(batch, keys);
            seconds = Math.min(seconds, QUICK_SECONDS);
            repeats = 1;
            checkpointKeys = Math.min(checkpointKeys, 2 * QUICK_KEYS);
            scale = List.of(QUICK_KEYS, 4 * QUICK_KEYS);
        }
        return report().asMap();
    }

    private BenchReport report() throws Exception {
        InferenceBench.Plan plan =
                new InferenceBench.Plan(keys, window, batch, slots, repeats, records, Math.min(seconds, 5), seconds, 7);
        BenchReport report = new BenchReport();
        report.machine();
        report.plan(plan);
        InferenceBench bench = new InferenceBench(plan, this::progress);
        try (BenchCluster cluster = new BenchCluster()) {
            Rate ours = null;
            if (only.contains(Part.COMPARE)) {
                Turns<Variant> turns = bench.compare(cluster, variants);
                report.comparison(turns);
                ours = turns.median(Variant.OPERATOR);
            } else if (only.contains(Part.HALF_RATE) || only.contains(Part.FLOOR)) {
                ours = bench.run(cluster, Variant.OPERATOR, keys, 0);
            }
            if (only.contains(Part.HALF_RATE)) {
                report.halfRate(bench.run(cluster, Variant.OPERATOR, keys, ours.perSecond() / 2));
            }
            if (only.contains(Part.SCALE)) {
                report.scale(bench.scale(cluster, scale));
            }
            if (only.contains(Part.CHECKPOINT)) {
                CheckpointBench checkpoints = new CheckpointBench(plan, this::progress);
                Map<String, List<CheckpointBench.Reading>> readings = new LinkedHashMap<>();
                double rate = CHECKPOINT_RATE * checkpointKeys;
                Workload workload = plan.workload(checkpointKeys);
                readings.put("steady", checkpoints.run(cluster, workload, rate, STEADY_INTERVAL, repeats));
                readings.put("saturated", checkpoints.run(cluster, workload, 0, SHORT_INTERVAL, repeats));
                readings.put("saturated_whole_windows", checkpoints.run(cluster, workload, 0, LONG_INTERVAL, repeats));
                report.checkpoints(checkpointKeys, readings);
            }
            if (only.contains(Part.LARGE)) {
                Workload large =
                        new Workload(LARGE_KEYS, window, 7, quick ? LARGE_BYTES / 16 : LARGE_BYTES, LARGE_NANOS);
                report.largeRecords(
                        large,
                        new CheckpointBench(plan, this::progress).run(cluster, large, 0, SHORT_INTERVAL, repeats));
            }
            if (only.contains(Part.FLOOR)) {
                Workload workload = plan.workload(keys);
                report.floor(MachineFloor.measure(), workload, workload.stateBytes(), ours);
            }
            if (leak) {
                report.leak(new LeakBench(plan, this::progress).run(cluster, 1_000_000));
            }
        }
        return report;
    }
}
