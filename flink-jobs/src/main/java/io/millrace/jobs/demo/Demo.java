package io.millrace.jobs.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.jobs.config.IntrusionConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.intrusion.KafkaFlowSink;
import io.millrace.jobs.intrusion.NetworkIntrusionJob;
import io.millrace.jobs.local.LocalCluster;
import io.millrace.jobs.local.LocalPlatform;
import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.TopicCatalogue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.JobStatus;

/** Everything in one process: broker, registry, Flink with its dashboard, traffic and the intrusion job. */
public final class Demo implements AutoCloseable {

    /**
     * What to show.
     *
     * @param traffic where flows come from
     * @param model model directory or {@code default}
     * @param dashboardPort port of the dashboard, 0 for a free one
     * @param parallelism subtasks
     */
    public record Settings(DemoTraffic traffic, String model, int dashboardPort, int parallelism) {}

    private static final String JOB = "network-intrusion";
    /** A partition whose hosts are silent soon holds nothing back: few hosts may be all there are. */
    private static final Duration IDLE_AFTER = Duration.ofSeconds(10);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

    private final Settings settings;
    private final Path folder;
    private final Consumer<Alert> onAlert;
    private final DemoStatistics statistics = new DemoStatistics();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private LocalPlatform platform;
    private LocalCluster cluster;
    private Thread traffic;
    private final List<Thread> readers = new java.util.ArrayList<>();
    private volatile boolean stopReading;

    /**
     * Prepares; nothing is started yet.
     *
     * @param folder folder for what the parts write
     * @param onAlert called with every new alert, from another thread
     */
    public Demo(Settings settings, Path folder, Consumer<Alert> onAlert) {
        this.settings = settings;
        this.folder = folder;
        this.onAlert = onAlert;
    }

    /** Starts every part; returns when the job runs and flows are on their way. */
    public void start() throws Exception {
        CompletableFuture<LocalCluster> starting = CompletableFuture.supplyAsync(() -> {
            try {
                return LocalCluster.start(
                        settings.parallelism() * 2, settings.dashboardPort(), folder.resolve("flink"));
            } catch (Exception failed) {
                throw new IllegalStateException("Flink does not start: " + failed.getMessage(), failed);
            }
        });
        platform = LocalPlatform.start(0, 0);
        try (TopicAdmin admin = new TopicAdmin(platform.broker().bootstrap(), Duration.ofSeconds(30), Map.of())) {
            admin.ensure(TopicCatalogue.all());
        }
        cluster = starting.get();
        cluster.submit(configuration(), environment -> new NetworkIntrusionJob(configuration()).build(environment));
        read(Detection.class, TopicCatalogue.DETECTIONS.name(), d -> statistics.detection(d, Instant.now()));
        read(Alert.class, TopicCatalogue.ALERTS.name(), alert -> {
            if (statistics.alert(alert)) {
                onAlert.accept(alert);
            }
        });
        read(DeadLetter.class, TopicCatalogue.DEAD_LETTERS.name(), letter -> statistics.deadLetter());
        cluster.awaitRunning(Duration.ofSeconds(60));
        traffic = thread("demo traffic", this::sendFlows);
    }

    private JobConfiguration configuration() {
        return new JobConfiguration(
                JOB,
                new JobConfiguration.Kafka(platform.broker().bootstrap(), Map.of()),
                new JobConfiguration.Registry(platform.registry().url(), Map.of()),
                new JobConfiguration.FlinkSettings(
                        settings.parallelism(),
                        Duration.ofSeconds(1),
                        folder.resolve("checkpoints").toUri().toString(),
                        "rocksdb",
                        Map.of()),
                JobConfiguration.Delivery.EXACTLY_ONCE,
                new IntrusionConfiguration(
                        null,
                        null,
                        settings.model(),
                        settings.traffic().disorder(),
                        IDLE_AFTER,
                        null,
                        null,
                        null,
                        new IntrusionConfiguration.Alerts(null, Duration.ofMinutes(1), Duration.ofSeconds(30))),
                null);
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable failed) {
                        if (!stopReading) {
                            failure.compareAndSet(null, failed);
                        }
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private <T extends SpecificRecord> void read(Class<T> type, String topic, Consumer<T> consumer) {
        readers.add(thread("demo reader of " + topic, () -> {
            try (AvroTopicReader<T> reader = new AvroTopicReader<>(
                    type,
                    topic,
                    platform.broker().bootstrap(),
                    platform.registry().config(),
                    AvroTopicReader.From.EARLIEST,
                    Map.of())) {
                while (!stopReading) {
                    for (Decoded<T> record : reader.poll(Duration.ofMillis(200))) {
                        consumer.accept(record.value());
                    }
                }
            }
        }));
    }

    private void sendFlows() {
        try (KafkaFlowSink sink = new KafkaFlowSink(
                platform.broker().bootstrap(), platform.registry().config(), null)) {
            settings.traffic().run(flow -> {
                sink.accept(flow);
                sent.incrementAndGet();
            });
            sink.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed.getMessage(), failed);
        }
    }

    /** Address of the dashboard. */
    public String dashboard() throws Exception {
        return cluster.dashboard().toString();
    }

    /** Addresses of broker and registry, in words. */
    public String addresses() {
        return "broker " + platform.broker().bootstrap() + ", registry "
                + platform.registry().url();
    }

    /** Flows sent so far. */
    public long sent() {
        return sent.get();
    }

    DemoStatistics statistics() {
        return statistics;
    }

    /** What has gone wrong; null if nothing has. */
    public String problem() throws Exception {
        if (failure.get() != null) {
            return failure.get().getMessage();
        }
        JobStatus status = cluster.status();
        boolean wrong = status != JobStatus.RUNNING && status != JobStatus.FINISHED;
        return wrong ? "the job is " + status + ": " + cluster.failure() : null;
    }

    /** Stops the traffic, lets every flow be answered, stops the job. */
    public void stop() throws Exception {
        settings.traffic().stop();
        if (traffic != null) {
            traffic.join(STOP_LIMIT.toMillis());
        }
        awaitConsumption();
        cluster.drain(folder.resolve("savepoints"), STOP_LIMIT);
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        while (statistics.detections() + statistics.deadLetters() < sent.get() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        Thread.sleep(500);
    }

    /**
     * Waits until the job has read every flow and said so in a checkpoint. The last flows still wait for the watermark
     * then, which stands still without traffic: the drain sends them on.
     */
    private void awaitConsumption() throws InterruptedException {
        long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
        try (TopicAdmin admin = new TopicAdmin(platform.broker().bootstrap(), Duration.ofSeconds(10), Map.of())) {
            while (admin.lag(JOB, TopicCatalogue.FLOWS.name()) > 0 && System.nanoTime() < deadline) {
                Thread.sleep(200);
            }
        }
    }

    @Override
    public void close() throws Exception {
        settings.traffic().stop();
        stopReading = true;
        for (Thread reader : readers) {
            reader.join(2_000);
        }
        try (LocalPlatform closing = platform) {
            if (cluster != null) {
                cluster.close();
            }
        }
    }
}
