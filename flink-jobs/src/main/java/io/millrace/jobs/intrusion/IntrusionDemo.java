package io.millrace.jobs.intrusion;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.millrace.connectors.flow.FlowSink;
import io.millrace.jobs.demo.AlertLine;
import io.millrace.jobs.demo.DemoSite;
import io.millrace.jobs.demo.DemoStage;
import io.millrace.jobs.local.LocalJob;
import io.millrace.jobs.stage.StageJob;
import io.millrace.schemas.IntrusionTopics;

/** Flows in, detections and alerts out. */
final class IntrusionDemo implements DemoStage {

    private final FlowTraffic traffic;
    private final String model;
    private final IntrusionStatistics statistics = new IntrusionStatistics();
    private final AlertLedger ledger = new AlertLedger();
    private final AtomicLong sent = new AtomicLong();
    private DemoSite site;
    private String group;
    private LocalJob job;
    private Thread sender;

    /**
     * Prepares.
     *
     * @param traffic where flows come from
     * @param model model directory or {@code default}
     */
    IntrusionDemo(FlowTraffic traffic, String model) {
        this.traffic = traffic;
        this.model = model;
    }

    @Override
    public String name() {
        return "intrusion";
    }

    @Override
    public void start(DemoSite where, Consumer<String> events) throws Exception {
        site = where;
        StageJob<IntrusionConfiguration> intrusion = new StageJob<>(
                new IntrusionStage(),
                site.configuration()
                        .with(IntrusionStage.NAME, IntrusionDemonstration.settings(model, traffic.disorder())));
        group = intrusion.configuration().name();
        job = site.submit(intrusion.configuration(), intrusion);
        site.read(IntrusionTopics.DETECTIONS, d -> statistics.detection(d, Instant.now()));
        site.read(IntrusionTopics.ALERTS, alert -> {
            if (traffic.isLabelled()) {
                ledger.alert(alert);
            }
            if (statistics.alert(alert)) {
                events.accept(AlertLine.of(alert));
            }
        });
        site.read(IntrusionTopics.DEAD_LETTERS, letter -> statistics.deadLetter());
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
        try (FlowSink sink = FlowDestination.toKafka(site.connection(), null)) {
            traffic.run(flow -> {
                sink.accept(flow);
                if (traffic.isLabelled()) {
                    ledger.flow(flow);
                }
                sent.incrementAndGet();
            });
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
        site.drain(job, group, IntrusionTopics.FLOWS);
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
