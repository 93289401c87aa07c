package io.millrace.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.jobs.intrusion.AlertScore;
import io.millrace.jobs.intrusion.FlowTraffic;
import io.millrace.jobs.intrusion.IntrusionDemonstration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Counts how many alerts of simulated traffic are right, and how many of its attacks are found. */
@Command(
        name = "alerts",
        description = {
            "Count right and wrong alerts and found attacks in the demo's traffic, seed by seed, against its truth.",
            "An alert is right if its host takes part, at that time, in an attack of its kind."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace bench alerts --seeds 10 --minutes 5 --json"})
public final class AlertBenchCommand extends Bench {

    /** From one seed to the next: ten of them meet every part of a day. */
    private static final Duration APART = Duration.ofHours(17);

    private static final Instant FIRST_START = Instant.parse("2026-01-05T09:00:00Z");

    @Option(names = "--seeds", paramLabel = "N", description = "Seeds to run (default: ${DEFAULT-VALUE}).")
    private int seeds = 10;

    @Option(names = "--first-seed", paramLabel = "N", description = "The first of them (default: ${DEFAULT-VALUE}).")
    private long firstSeed = 1001;

    @Option(names = "--minutes", paramLabel = "N", description = "Minutes of each (default: ${DEFAULT-VALUE}).")
    private int minutes = 5;

    @Option(names = "--rate", description = "Flows a second (default: ${DEFAULT-VALUE}).")
    private double rate = 200;

    @Option(names = "--model", paramLabel = "DIR", description = "Model directory (default: the model that ships).")
    private String model = "default";

    private final AlertScore whole = new AlertScore();
    private final AlertScore beginning = new AlertScore();

    @Option(names = "--list", description = "Print the alerts that are not right, and the attacks that were missed.")
    private boolean list;

    @Override
    protected Map<String, Object> measure() throws Exception {
        require(seeds > 0, "--seeds must be positive");
        require(minutes > 0, "--minutes must be positive");
        require(rate >= 1 && rate <= 100_000, "--rate must be 1 to 100000");
        AlertBench bench = new AlertBench(
                IntrusionDemonstration.settings(model, FlowTraffic.Simulated.DISORDER),
                rate,
                Duration.ofMinutes(minutes));
        List<Map<String, Object>> bySeed = new ArrayList<>();
        for (int i = 0; i < seeds; i++) {
            Instant start = FIRST_START.plus(APART.multipliedBy(i));
            AlertBench.Outcome outcome = bench.run(firstSeed + i, start);
            whole.add(outcome.whole());
            beginning.add(outcome.beginning());
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("seed", firstSeed + i);
            figures.put("start", start.toString());
            figures.put("flows", outcome.flows());
            figures.put("whole", figures(outcome.whole()));
            figures.put("first_minute", figures(outcome.beginning()));
            bySeed.add(figures);
            if (!isJson()) {
                PrintWriter out = out();
                out.println("seed " + (firstSeed + i) + " from " + start + ": " + line(outcome.whole())
                        + "; first minute: " + line(outcome.beginning()));
                list(out, outcome);
                out.flush();
            }
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("whole", figures(whole));
        report.put("first_minute", figures(beginning));
        report.put("seeds", bySeed);
        return report;
    }

    @Override
    protected void print(Map<String, Object> figures, PrintWriter out) {
        out.println("all: " + line(whole) + "; first minute: " + line(beginning));
        whole.table().forEach(out::println);
    }

    private void list(PrintWriter out, AlertBench.Outcome outcome) {
        if (list) {
            outcome.notRight().forEach(alert -> out.println("  not right: " + alert.getSummary()));
            outcome.whole().missed().forEach(name -> out.println("  missed: " + name));
            outcome.beginning().missed().forEach(name -> out.println("  missed in the first minute: " + name));
        }
    }

    private static String line(AlertScore score) {
        return score.alertsInWords() + "; " + score.campaignsInWords();
    }

    private static Map<String, Object> figures(AlertScore score) {
        Map<String, Object> figures = new LinkedHashMap<>();
        AlertScore.Alerts alerts = score.alerts();
        figures.put("alerts", alerts);
        figures.put("right_share", BenchReport.round(alerts.right() / (double) Math.max(1, alerts.all())));
        figures.put("alerts_by_kind_and_severity", score.byKind());
        figures.put("campaigns", score.allCampaigns());
        figures.put("campaigns_by_kind", score.campaigns());
        figures.put("missed", score.missed());
        return figures;
    }
}
