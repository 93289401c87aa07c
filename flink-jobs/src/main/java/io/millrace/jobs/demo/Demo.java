package io.millrace.jobs.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import io.millrace.schemas.Topic;

/** Everything in one process: broker, registry, Flink with its dashboard, and stages with their traffic and jobs. */
public class Demo implements AutoCloseable {

    /**
     * What to show.
     *
     * @param stages at least one
     * @param topics topics to make
     * @param dashboardPort port of the dashboard, 0 for a free one
     * @param parallelism subtasks of each job
     */
    public record Settings(List<DemoStage> stages, List<Topic<?>> topics, int dashboardPort, int parallelism) {
        public Settings {
            stages = List.copyOf(stages);
            topics = List.copyOf(topics);
        }
    }

    private final Settings settings;
    private final Path folder;
    private final Consumer<String> events;
    private DemoSite site;

    /**
     * Prepares; nothing is started yet.
     *
     * @param folder folder for what the parts write
     * @param events takes what is worth a line when it happens; called from other threads
     */
    public Demo(Settings settings, Path folder, Consumer<String> events) {
        this.settings = settings;
        this.folder = folder;
        this.events = events;
    }

    /** Starts every part; returns when the jobs run and traffic is on its way. */
    public void start() throws Exception {
        site = startSite();
        for (DemoStage stage : settings.stages()) {
            stage.start(site, events);
        }
        for (DemoStage stage : settings.stages()) {
            stage.awaitRunning();
        }
        for (DemoStage stage : settings.stages()) {
            stage.feed();
        }
    }

    /** Starts what the stages share. */
    DemoSite startSite() throws Exception {
        return DemoSite.start(settings, folder);
    }

    /** Address of the dashboard. */
    public String dashboard() throws Exception {
        return site.dashboard();
    }

    /** Addresses of broker and registry, in words. */
    public String addresses() {
        return site.addresses();
    }

    /** What has gone wrong; null if nothing has. */
    public String problem() throws Exception {
        for (DemoStage stage : settings.stages()) {
            String problem = stage.problem();
            if (problem != null) {
                return stage.name() + ": " + problem;
            }
        }
        return null;
    }

    /** Stops the traffic, lets everything be answered, stops the jobs. */
    public void stop() throws Exception {
        for (DemoStage stage : settings.stages()) {
            stage.endTraffic();
        }
        for (DemoStage stage : settings.stages()) {
            stage.finish();
        }
        // What would be answered twice would come now.
        Thread.sleep(500);
    }

    @Override
    public void close() throws Exception {
        try (DemoSite closing = site) {
            for (DemoStage stage : settings.stages()) {
                stage.close();
            }
        }
    }
}
