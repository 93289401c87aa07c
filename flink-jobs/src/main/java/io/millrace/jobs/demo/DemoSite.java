package io.millrace.jobs.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.kafka.Connection;
import io.millrace.jobs.local.LocalCluster;
import io.millrace.jobs.local.LocalJob;
import io.millrace.jobs.local.LocalPlatform;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.JobStatus;
import org.apiguardian.api.API;

/** What the stages of a demo share: broker, registry, cluster, a folder, and the threads that feed and read. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DemoSite implements AutoCloseable {

    /** Longest wait for a job to run: seconds, but on a machine that is busy with other things. */
    public static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** Longest wait for what should take seconds. */
    public static final Duration LIMIT = Duration.ofSeconds(40);

    private final LocalPlatform platform;
    private final LocalCluster cluster;
    private final int parallelism;
    private final Path folder;
    private final List<Thread> readers = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean closing;

    private DemoSite(LocalPlatform platform, LocalCluster cluster, int parallelism, Path folder) {
        this.platform = platform;
        this.cluster = cluster;
        this.parallelism = parallelism;
        this.folder = folder;
    }

    /** Starts broker, registry and cluster, and makes the topics. */
    static DemoSite start(Demo.Settings settings, Path folder) throws Exception {
        int slots = 2 * settings.stages().size() * settings.parallelism();
        CompletableFuture<LocalCluster> starting = CompletableFuture.supplyAsync(() -> {
            try {
                return LocalCluster.start(slots, settings.dashboardPort(), folder.resolve("flink"));
            } catch (Exception failed) {
                throw new IllegalStateException("Flink does not start: " + failed.getMessage(), failed);
            }
        });
        LocalPlatform platform = LocalPlatform.start(0, 0);
        try {
            try (TopicAdmin admin = new TopicAdmin(platform.broker().bootstrap(), Duration.ofSeconds(30), Map.of())) {
                admin.ensure(settings.topics());
            }
            return new DemoSite(platform, starting.get(), settings.parallelism(), folder);
        } catch (Exception failed) {
            platform.close();
            throw failed;
        }
    }

    /** Configuration of a job here, with every default of its stage. */
    public JobConfiguration configuration() {
        return new JobConfiguration(
                null,
                new JobConfiguration.Kafka(bootstrap(), Map.of()),
                new JobConfiguration.Registry(platform.registry().url(), Map.of()),
                ConfigurationReader.of(
                        JobConfiguration.FlinkSettings.class,
                        Map.of(
                                "parallelism",
                                parallelism,
                                "checkpoint-interval",
                                Duration.ofSeconds(1),
                                "checkpoint-directory",
                                folder.resolve("checkpoints").toUri().toString())),
                JobConfiguration.Delivery.EXACTLY_ONCE,
                Map.of());
    }

    public LocalJob submit(JobConfiguration configuration, StreamingJob job) throws Exception {
        return cluster.submit(configuration, job::build);
    }

    /** Brokers and registry. */
    public Connection connection() {
        return Connection.to(bootstrap(), registry());
    }

    /** Brokers. */
    public String bootstrap() {
        return platform.broker().bootstrap();
    }

    public RegistryConfig registry() {
        return platform.registry().config();
    }

    /** A folder for a part of the demo; not made yet. */
    public Path folder(String part) {
        return folder.resolve(part);
    }

    String addresses() {
        return "broker " + bootstrap() + ", registry " + platform.registry().url();
    }

    String dashboard() throws Exception {
        return cluster.dashboard().toString();
    }

    /** Starts a thread; if it fails, the demo has. */
    public Thread thread(String name, Callable<?> work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.call();
                    } catch (Throwable failed) {
                        if (!closing) {
                            failure.compareAndSet(null, failed);
                        }
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Hands every committed record of a topic on, from another thread. */
    public <T extends SpecificRecord> void read(Topic<T> topic, Consumer<T> consumer) {
        readers.add(thread("demo reader of " + topic, () -> {
            try (AvroTopicReader<T> reader = connection().reader(topic, AvroTopicReader.From.EARLIEST)) {
                while (!closing) {
                    for (Decoded<T> record : reader.poll(Duration.ofMillis(200))) {
                        consumer.accept(record.value());
                    }
                }
            }
            return null;
        }));
    }

    /** What has gone wrong here or with a job; null if nothing has. */
    public String problem(LocalJob job) throws Exception {
        if (failure.get() != null) {
            return failure.get().getMessage();
        }
        JobStatus status = job.status();
        boolean wrong = status != JobStatus.RUNNING && status != JobStatus.FINISHED;
        return wrong ? "the job is " + status + ": " + job.failure() : null;
    }

    /**
     * Stops a job when it has read every record of a topic and said so in a checkpoint. What it still holds then, until a
     * watermark or more of a stream comes, it answers as it is drained.
     */
    public void drain(LocalJob job, String group, Topic<?> topic) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (TopicAdmin admin = new TopicAdmin(bootstrap(), Duration.ofSeconds(10), Map.of())) {
            while (admin.lag(group, topic.name()) > 0 && System.nanoTime() < deadline) {
                Thread.sleep(200);
            }
        }
        job.drain(folder.resolve("savepoints"), LIMIT);
    }

    @Override
    public void close() throws Exception {
        closing = true;
        for (Thread reader : readers) {
            reader.join(2_000);
        }
        try (platform) {
            cluster.close();
        }
    }
}
