package io.millrace.jobs.intrusion;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.jobs.command.ConnectionOptions;
import io.millrace.jobs.command.Instants;
import io.millrace.jobs.kafka.Connection;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.ExporterMode;
import io.millrace.simulators.flow.FlowDrift;
import io.millrace.simulators.flow.FlowGenerator;
import io.millrace.simulators.flow.FlowScenario;
import io.millrace.simulators.flow.FlowStatistics;
import io.millrace.simulators.pacing.PacingClock;
import io.millrace.simulators.pacing.StreamPacer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace simulate flows}: network flows of many hosts with attacks among them. */
@Command(
        name = "flows",
        description = "Makes network flows of many hosts with attacks among them, one JSON object a line or to Kafka.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Drift kinds: new-application, cloud-migration, larger-flows, quic, new-attack-tools.",
            "Examples:",
            "  millrace simulate flows --rate 200 --attack scan,brute-force --duration 60s --fast",
            "  millrace simulate flows --rate 1000 --fast --count 100000 --seed 7 --output flows.jsonl",
            "  millrace simulate flows --rate 500 --drift at=5m,kind=cloud-migration,share=0.6"
        })
public final class SimulateFlowsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Records a second of stream time (default ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--attack",
            paramLabel = "KIND[,..]",
            defaultValue = "all",
            description =
                    "scan, brute-force, denial-of-service, exfiltration, beaconing, all or none (default ${DEFAULT-VALUE}).")
    private String attack;

    @Option(
            names = "--attack-share",
            paramLabel = "SHARE",
            defaultValue = "0.03",
            description = "Part of the records that are attacks, 0 to 0.9 (default ${DEFAULT-VALUE}).")
    private double attackShare;

    @Option(
            names = "--drift",
            paramLabel = "at=5m,kind=KIND,share=S",
            description = "A change of the traffic at a stream time; may be repeated.")
    private List<String> drifts = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed; the same seed and options give the same flows (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--hosts",
            paramLabel = "N",
            description = "Internal hosts (default: four times the rate, 60 to 50000).")
    private Integer hosts;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "Stream time to make, for example 60s or 24h (default: endless).")
    private String duration;

    @Option(names = "--count", paramLabel = "N", description = "Records to make (default: endless).")
    private Long count;

    @Option(
            names = "--exporter",
            paramLabel = "MODE",
            defaultValue = "biflow",
            description = "biflow, uniflow or mixed (default ${DEFAULT-VALUE}).")
    private String exporter;

    @Option(
            names = "--disorder",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "Longest delay of a record behind its end time (default ${DEFAULT-VALUE}).")
    private String disorder;

    @Option(
            names = "--start",
            paramLabel = "INSTANT",
            description = "Stream time of the beginning (default: now; with --fast 2026-01-05T09:00:00Z).")
    private String start;

    @Option(names = "--fast", description = "As fast as possible instead of in real time.")
    private boolean fast;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "File for the JSON lines (default: standard output).")
    private Path output;

    @Mixin
    private ConnectionOptions kafka;

    @Option(
            names = "--stats",
            description = "Print a summary of the flows' distributions on standard error at the end.")
    private boolean stats;

    private volatile boolean stopped;
    private boolean paceStarted;
    private long beganNanos;

    @Override
    public Integer call() throws Exception {
        FlowScenario scenario = scenario();
        Connection connection = kafka.mentioned() ? kafka.connection(spec) : null;
        if (connection != null && output != null) {
            throw wrong("--output and --bootstrap exclude each other");
        }
        FlowStatistics statistics = new FlowStatistics();
        CountDownLatch finished = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopAndWait(finished), "simulate-flows-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        beganNanos = System.nanoTime();
        try (FlowSink sink = open(connection)) {
            run(new FlowGenerator(scenario), scenario, sink, statistics);
        } finally {
            report(statistics, (System.nanoTime() - beganNanos) / 1e9);
            finished.countDown();
        }
        if (!stopped) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return 0;
    }

    /** Returns the scenario that the options describe. */
    FlowScenario scenario() {
        try {
            FlowScenario.Builder builder = FlowScenario.builder()
                    .seed(seed)
                    .flowsPerSecond(rate)
                    .attacks(AttackKind.parseSet(attack))
                    .attackShare(attackShare)
                    .drifts(drifts.stream().map(FlowDrift::parse).toList())
                    .exporter(ExporterMode.parse(exporter))
                    .disorder(FlowDrift.parseDuration(disorder))
                    .startTime(startTime());
            if (hosts != null) {
                builder.hosts(hosts);
            }
            if (duration != null) {
                builder.duration(FlowDrift.parseDuration(duration));
            }
            if (count != null) {
                builder.limit(count);
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private Instant startTime() {
        if (start == null) {
            return fast ? FlowScenario.DEFAULT_START : Instant.now();
        }
        return Instants.parse(start);
    }

    private void run(FlowGenerator generator, FlowScenario scenario, FlowSink sink, FlowStatistics statistics) {
        StreamPacer pacer = fast ? null : new StreamPacer(PacingClock.SYSTEM, 1);
        while (!stopped && generator.hasNext()) {
            if (pacer != null) {
                pace(generator.streamTimeMillis(), scenario, pacer, sink);
            }
            FlowRecord flow = generator.next();
            if (pacer != null) {
                flow.setObservedTime(Instant.now());
            }
            statistics.add(flow);
            sink.accept(flow);
            if (sink instanceof FlowLines lines && lines.closedByReader()) {
                return;
            }
        }
    }

    private void pace(long streamMillis, FlowScenario scenario, StreamPacer pacer, FlowSink sink) {
        if (!paceStarted) {
            paceStarted = true;
            beganNanos = System.nanoTime();
            pacer.start(scenario.startTime().toEpochMilli());
        }
        if (pacer.mustWait(streamMillis)) {
            if (sink instanceof FlowLines lines) {
                lines.flush();
            }
            // In short waits, so that a stop is noticed.
            while (!stopped && pacer.mustWait(streamMillis)) {
                PacingClock.SYSTEM.sleepNanos(Math.min(50_000_000L, pacer.nanosUntil(streamMillis)));
            }
        }
    }

    private FlowSink open(Connection connection) throws IOException {
        if (connection != null) {
            return FlowDestination.toKafka(connection, null);
        }
        return new FlowLines(output == null ? new FileOutputStream(FileDescriptor.out) : Files.newOutputStream(output));
    }

    private void stopAndWait(CountDownLatch finished) {
        stopped = true;
        try {
            if (!finished.await(5, TimeUnit.SECONDS)) {
                spec.commandLine().getErr().println("simulate flows: did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report(FlowStatistics statistics, double seconds) {
        var counts = statistics.countsByLabel();
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        String byLabel = counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        var err = spec.commandLine().getErr();
        if (stats) {
            err.print(statistics.summary());
        }
        err.println(String.format(
                Locale.ROOT,
                "%d flows in %.1f s (%.1f/s): %s",
                total,
                seconds,
                total / Math.max(1e-3, seconds),
                byLabel));
        err.flush();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
