package io.millrace.jobs.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.millrace.jobs.lifecycle.StopSignals;
import io.millrace.jobs.local.ProcessFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link Demo} and shows it on a terminal. */
public final class DemoView {

    private static final Logger LOG = LoggerFactory.getLogger(DemoView.class);
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final Duration STATUS_ON_TERMINAL = Duration.ofSeconds(1);
    private static final Duration STATUS_ELSEWHERE = Duration.ofSeconds(5);

    private final Demo.Settings settings;
    private final Duration duration;
    private final PrintWriter out;
    private final boolean terminal;
    private final Opening opening;
    private int statusLines;

    /** Makes the demo that is shown. */
    @FunctionalInterface
    interface Opening {
        Demo open(Demo.Settings settings, Path folder, Consumer<String> events);
    }

    /**
     * Prepares.
     *
     * @param duration how long to run once traffic is on its way; null for until interrupted
     * @param terminal whether {@code out} is a terminal, where a status line may be written over
     */
    public DemoView(Demo.Settings settings, Duration duration, PrintWriter out, boolean terminal) {
        this(settings, duration, out, terminal, Demo::new);
    }

    DemoView(Demo.Settings settings, Duration duration, PrintWriter out, boolean terminal, Opening opening) {
        this.opening = opening;
        this.settings = settings;
        this.duration = duration;
        this.out = out;
        this.terminal = terminal;
    }

    /** Runs to the end; 0 if everything worked and something came out, else 1. */
    public int run() throws Exception {
        try (StopSignals signals = StopSignals.take();
                ProcessFolder folder = ProcessFolder.create("demo")) {
            return run(folder.path(), signals);
        }
    }

    private int run(Path folder, StopSignals signals) throws Exception {
        long begin = System.nanoTime();
        line("Starting broker, schema registry, Flink and the jobs: "
                + settings.stages().stream().map(DemoStage::name).collect(Collectors.joining(", ")) + " ...");
        try (Demo demo = opening.open(settings, folder, this::line)) {
            try {
                demo.start();
            } catch (Exception failed) {
                line("The demo did not start: " + rootMessage(failed));
                LOG.info("start failed", failed);
                return 1;
            }
            line(String.format(
                    Locale.ROOT,
                    "Running after %.1f s. Dashboard: %s  (%s)",
                    (System.nanoTime() - begin) / 1e9,
                    demo.dashboard(),
                    demo.addresses()));
            settings.stages().forEach(stage -> stage.introduction().forEach(this::line));
            line(
                    duration == null
                            ? "Stop with Ctrl-C."
                            : "Running for " + duration.toSeconds() + " s; Ctrl-C stops sooner.");
            String problem = watch(demo, signals);
            return finish(demo, problem);
        }
    }

    private String watch(Demo demo, StopSignals signals) throws Exception {
        long start = System.nanoTime();
        Duration every = terminal ? STATUS_ON_TERMINAL : STATUS_ELSEWHERE;
        long end = duration == null ? Long.MAX_VALUE : duration.toNanos();
        long nextStatus = 0;
        while (true) {
            long passed = System.nanoTime() - start;
            if (passed >= nextStatus) {
                status(Duration.ofNanos(passed));
                nextStatus = passed + every.toNanos();
            }
            String problem = demo.problem();
            if (problem != null || passed >= end) {
                return problem;
            }
            if (signals.await(Math.min(every.toNanos(), Math.max(1, end - passed)) / 1_000_000)) {
                return null;
            }
        }
    }

    private int finish(Demo demo, String problem) throws Exception {
        String wrong = problem;
        if (wrong == null) {
            line("Stopping: letting everything be answered ...");
            try {
                demo.stop();
            } catch (Exception failed) {
                wrong = "a job did not stop cleanly: " + rootMessage(failed);
            }
        }
        for (DemoStage stage : settings.stages()) {
            line("");
            stage.summary().forEach(this::line);
            String shortfall = stage.shortfall();
            if (wrong == null && shortfall != null) {
                wrong = stage.name() + ": " + shortfall;
            }
        }
        if (wrong != null) {
            line("Failed: " + wrong);
            return 1;
        }
        return 0;
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private synchronized void status(Duration passed) {
        List<String> lines = settings.stages().stream()
                .map(stage -> String.format(Locale.ROOT, "[%3d s] %s", passed.toSeconds(), stage.status()))
                .toList();
        if (terminal) {
            eraseStatus();
            // Lines are cut off, not wrapped, so that as many can be erased as were written.
            out.print(NO_WRAP + String.join("\n", lines) + WRAP);
            out.flush();
            statusLines = lines.size();
        } else {
            lines.forEach(this::line);
        }
    }

    private void eraseStatus() {
        for (int i = 0; i < statusLines; i++) {
            out.print(i == 0 ? "\r\u001b[K" : "\u001b[A\u001b[K");
        }
        statusLines = 0;
    }

    private synchronized void line(String text) {
        eraseStatus();
        out.println(text);
        out.flush();
    }
}
