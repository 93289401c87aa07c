package io.millrace.jobs.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.millrace.jobs.config.AlertConfiguration;
import io.millrace.jobs.config.IntrusionConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.intrusion.AlertLedger;
import io.millrace.jobs.intrusion.AlertScore;
import io.millrace.jobs.intrusion.KafkaFlowSink;
import io.millrace.jobs.intrusion.NetworkIntrusionJob;
import io.millrace.jobs.local.LocalJob;
import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.TopicCatalogue;

/** Flows in, detections and alerts out. */
public final class IntrusionStage implements DemoStage {

    private static final String JOB = "network-intrusion";
    /** A partition whose hosts are silent soon holds nothing back: few hosts may be all there are. */
    private static final Duration IDLE_AFTER = Duration.ofSeconds(10);
    /** Alerts close while one looks on. */
    private static final Duration QUIET = Duration.ofMinutes(2);

    private final FlowTraffic traffic;
    private final String model;
    private final IntrusionStatistics statistics = new IntrusionStatistics();
    private final AlertLedger ledger = new AlertLedger();
    private final AtomicLong sent = new AtomicLong();
    private DemoSite site;
    private LocalJob job;
    private Thread sender;

    /**
     * Prepares.
     *
     * @param traffic where flows come from
     * @param model model directory or {@code default}
     */
    public IntrusionStage(FlowTraffic traffic, String model) {
        this.traffic = traffic;
        this.model = model;
    }

    /**
     * The settings of the demo's job.
     *
     * @param model model directory or {@code default}
     * @param disorder how far flows may be out of order; null for the default
     */
    public static IntrusionConfiguration settings(String model, Duration disorder) {
        return new IntrusionConfiguration(
                null,
                null,
                model,
                disorder,
                null,
                IDLE_AFTER,
                null,
                null,
                null,
                null,
                new AlertConfiguration(null, null, QUIET));
    }

    @Override
    public String name() {
        return "intrusion";
    }

    @Override
    public void start(DemoSite where, Consumer<String> events) throws Exception {
        site = where;
        JobConfiguration configuration = site.configuration(JOB, settings(model, traffic.disorder()), null);
        job = site.submit(configuration, new NetworkIntrusionJob(configuration));
        site.read(Detection.class, TopicCatalogue.DETECTIONS.name(), d -> statistics.detection(d, Instant.now()));
        site.read(Alert.class, TopicCatalogue.ALERTS.name(), alert -> {
            if (traffic.isLabelled()) {
                ledger.alert(alert);
            }
            if (statistics.alert(alert)) {
                events.accept(AlertLine.of(alert));
            }
        });
        site.read(DeadLetter.class, TopicCatalogue.DEAD_LETTERS.name(), letter -> statistics.deadLetter());
    }

    @Override
    public void awaitRunning() throws Exception {
        job.awaitRunning(DemoSite.START_LIMIT);
    }

    @Override
    public void feed() {
        sender = site.thread("demo flows", this::sendFlows);
    }

    private Void sendFlows() throws IOException {
        try (KafkaFlowSink sink = new KafkaFlowSink(site.connection(), null)) {
            traffic.run(flow -> {
                sink.accept(flow);
                if (traffic.isLabelled()) {
                    ledger.flow(flow);
                }
                sent.incrementAndGet();
            });
            sink.flush();
        }
        return null;
    }

    @Override
    public List<String> introduction() {
        return List.of(traffic.description());
    }

    @Override
    public String status() {
        return String.format(
                Locale.ROOT,
                "flows in %,d  detections %,d (%,d attacks)  alerts %,d  dead letters %,d  latency p50 %,d ms p99 %,d ms",
                sent.get(),
                statistics.detections(),
                statistics.attackVerdicts(),
                statistics.alerts(),
                statistics.deadLetters(),
                statistics.latencyMillis(50),
                statistics.latencyMillis(99));
    }

    @Override
    public String problem() throws Exception {
        return site.problem(job);
    }

    @Override
    public void endTraffic() throws InterruptedException {
        traffic.stop();
        sender.join(DemoSite.LIMIT.toMillis());
    }

    @Override
    public void finish() throws Exception {
        site.drain(job, JOB, TopicCatalogue.FLOWS.name());
        long deadline = System.nanoTime() + DemoSite.LIMIT.toNanos();
        while (answered() < sent.get() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
    }

    private long answered() {
        return statistics.detections() + statistics.deadLetters();
    }

    @Override
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Flows in %,d; detections out %,d (%,d attacks); dead letters %,d; alerts %,d.",
                sent.get(),
                statistics.detections(),
                statistics.attackVerdicts(),
                statistics.deadLetters(),
                statistics.alerts()));
        lines.add(String.format(
                Locale.ROOT,
                "Latency from arrival to committed detection: p50 %,d ms, p99 %,d ms.",
                statistics.latencyMillis(50),
                statistics.latencyMillis(99)));
        if (traffic.isLabelled()) {
            AlertScore score = ledger.score();
            lines.add("Against the simulator's truth:");
            lines.add(statistics.againstTruth().stripTrailing());
            lines.add("  " + score.alertsInWords() + ".");
            lines.add("  " + score.campaignsInWords()
                    + (score.missed().isEmpty() ? "." : "; missed " + String.join(", ", score.missed()) + "."));
            lines.addAll(score.table());
        }
        return lines;
    }

    @Override
    public String shortfall() {
        if (statistics.detections() == 0) {
            return sent.get() == 0 ? "no flow came in" : "nothing came out";
        }
        return answered() < sent.get() ? (sent.get() - answered()) + " flows were not answered" : null;
    }

    @Override
    public void close() {
        traffic.stop();
    }
}
