package io.millrace.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The figures of a run as one JSON object. Times are in the unit that their name ends with. */
final class BenchReport {

    private final Map<String, Object> root = new LinkedHashMap<>();

    Map<String, Object> asMap() {
        return root;
    }

    void machine() throws java.io.IOException {
        Map<String, Object> machine = section("machine");
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        Path info = Path.of("/proc/cpuinfo");
        String model = Files.isReadable(info)
                ? Files.readAllLines(info).stream()
                        .filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .orElse("unknown")
                : System.getProperty("os.arch");
        machine.put("processor", model);
        machine.put("java", System.getProperty("java.version"));
        machine.put(
                "load_average",
                round(java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage()));
    }

    void plan(InferenceBench.Plan plan) {
        Map<String, Object> settings = section("settings");
        settings.put("keys", plan.keys());
        settings.put("window", plan.window());
        settings.put("batch", plan.batch());
        settings.put("slots", plan.slots() == 0 ? plan.keys() : plan.slots());
        settings.put("repeats", plan.repeats());
        settings.put("seconds", plan.seconds());
        settings.put("warm_up_seconds", plan.warmUpSeconds());
        settings.put("seed", plan.seed());
    }

    void comparison(Turns<Variant> turns) {
        compare(section("variants"), section("ratios"), turns, variant -> Map.of());
        if (turns.measured().contains(Variant.RAW)) {
            section("ratios")
                    .put(
                            "b_over_a_by_processor_time_of_the_busiest_thread",
                            round(turns.ratio(Variant.RAW, Variant.OPERATOR, Rate::criticalMicros)));
        }
    }

    /**
     * Writes what was compared: the median of each, and how ours does over each other.
     *
     * @param further figures of the one asked for, beside its rate
     */
    static <V extends Compared> void compare(
            Map<String, Object> variants,
            Map<String, Object> ratios,
            Turns<V> turns,
            Function<V, Map<String, Object>> further) {
        V ours = turns.measured().stream().filter(Compared::isOurs).findFirst().orElseThrow();
        for (V variant : turns.measured()) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("what", variant.description());
            figures.putAll(further.apply(variant));
            figures.putAll(rate(turns.median(variant)));
            variants.put(variant.letter(), figures);
            if (!variant.isOurs()) {
                ratios(ratios, ours.letter() + "_over_" + variant.letter(), turns, ours, variant);
            }
        }
    }

    private static <T> void ratios(Map<String, Object> into, String name, Turns<T> turns, T upper, T lower) {
        into.put(name, round(turns.ratio(upper, lower, Rate::perSecond)));
        into.put(
                name + "_by_turn",
                turns.ratios(upper, lower, Rate::perSecond).stream()
                        .map(BenchReport::round)
                        .toList());
    }

    static Map<String, Object> rate(Rate rate) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("records_per_second", round(rate.perSecond()));
        figures.put("latency_p50_ms", round(rate.p50Millis()));
        figures.put("latency_p99_ms", round(rate.p99Millis()));
        Map<String, Object> cpu = new LinkedHashMap<>();
        rate.cpuMicros().forEach((thread, micros) -> cpu.put(thread, round(micros)));
        figures.put("processor_us_per_record", cpu);
        return figures;
    }

    void halfRate(Rate rate) {
        root.put("b_at_half_rate", rate(rate));
    }

    void scale(Turns<Integer> turns) {
        Map<String, Object> scale = section("scale");
        for (int keys : turns.measured()) {
            Rate rate = turns.median(keys);
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("us_per_record", round(1e6 / rate.perSecond()));
            figures.put("busiest_thread_processor_us_per_record", round(rate.criticalMicros()));
            scale.put(Integer.toString(keys), figures);
        }
        List<Integer> keys = List.copyOf(turns.measured());
        int first = keys.get(0);
        int last = keys.get(keys.size() - 1);
        ratios(scale, "last_over_first", turns, first, last);
        scale.put("last_over_first_by_processor_time", round(turns.ratio(last, first, Rate::criticalMicros)));
    }

    void checkpoints(int keys, Map<String, List<CheckpointBench.Reading>> readings) {
        Map<String, Object> section = section("checkpoint");
        section.put("keys", keys);
        readings.forEach((name, list) -> section.put(name, checkpoint(list)));
    }

    void largeRecords(Workload workload, List<CheckpointBench.Reading> readings) {
        Map<String, Object> section = section("checkpoint_large_records");
        section.put("keys", workload.keys());
        section.put("payload_bytes", workload.payload());
        section.putAll(checkpoint(readings));
    }

    private static Map<String, Object> checkpoint(List<CheckpointBench.Reading> readings) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("checkpoints", readings.size());
        figures.put("records_per_key_between", median(readings, CheckpointBench.Reading::recordsPerKey));
        figures.put("output_stopped_ms", median(readings, CheckpointBench.Reading::gapMillis));
        figures.put(
                "output_stopped_ms_worst",
                round(readings.stream()
                        .mapToDouble(CheckpointBench.Reading::gapMillis)
                        .max()
                        .orElse(0)));
        figures.put("longest_gap_without_checkpoint_ms", median(readings, CheckpointBench.Reading::ordinaryGapMillis));
        figures.put("duration_ms", median(readings, CheckpointBench.Reading::durationMillis));
        figures.put("sync_ms", median(readings, CheckpointBench.Reading::syncMillis));
        figures.put("bytes", median(readings, CheckpointBench.Reading::bytes));
        return figures;
    }

    private static double median(
            List<CheckpointBench.Reading> readings, java.util.function.ToDoubleFunction<CheckpointBench.Reading> of) {
        return round(readings.stream().mapToDouble(of).sorted().toArray()[(readings.size() - 1) / 2]);
    }

    void floor(MachineFloor floor, Workload workload, long stateBytes, Rate ours) {
        Map<String, Object> section = section("floor");
        section.put("matmul_gflops_one_core", round(floor.operationsPerSecond() / 1e9));
        section.put("copy_gb_per_second_one_core", round(floor.bytesPerSecond() / 1e9));
        section.put("operations_per_record", workload.operationsPerRecord());
        section.put("state_bytes_per_key", stateBytes);
        double seconds = floor.secondsPerRecord(workload.operationsPerRecord(), stateBytes);
        section.put("us_per_record", round(seconds * 1e6));
        section.put("b_over_floor", round(ours.criticalMicros() / (seconds * 1e6)));
    }

    void leak(LeakBench.Reading reading) {
        Map<String, Object> section = section("leak");
        section.put("records", reading.records());
        section.put("live_arrays_before", reading.arraysBefore());
        section.put("live_arrays_after", reading.arraysAfter());
        section.put("resident_mb_before", round(reading.residentBefore() / 1e6));
        section.put("resident_mb_after", round(reading.residentAfter() / 1e6));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> section(String name) {
        return (Map<String, Object>) root.computeIfAbsent(name, none -> new LinkedHashMap<>());
    }

    static double round(double value) {
        return Double.isFinite(value) && value != 0
                ? new java.math.BigDecimal(value)
                        .round(new java.math.MathContext(4))
                        .doubleValue()
                : 0;
    }
}
