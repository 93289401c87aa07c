package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.stage.Stage;
import io.millrace.jobs.stage.StageJob;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/**
 * A job on a cluster, over topics and a name of its own.
 *
 * @param <R> its main results
 * @param <O> what it commits
 */
abstract class JobRun<R extends SpecificRecord, O extends Outcome<O>> implements AutoCloseable {

    private final LocalInfrastructure local;
    private final Path folder;
    private final String name;
    private final AvroTopicReader<R> reader;
    private final List<R> seen = new ArrayList<>();
    private final ClusterJob job;
    private RecordStream<?> stream;
    private int published;

    /**
     * @param stage beginning of the job's name
     * @param folder folder for checkpoints and savepoints
     * @param results topic of the main results
     */
    JobRun(LocalInfrastructure local, FlinkCluster cluster, Path folder, String stage, Topic<R> results) {
        this.local = local;
        this.name = stage + "-" + UUID.randomUUID();
        this.folder = folder.resolve(name);
        this.job = new ClusterJob(cluster, this.folder);
        this.reader = reader(results);
    }

    LocalInfrastructure local() {
        return local;
    }

    ClusterJob job() {
        return job;
    }

    /** Makes the input of the run stream in: most of what is left comes within {@code spread}. */
    abstract RecordStream<?> input(Duration spread);

    /** Its configuration. */
    abstract JobConfiguration configuration(int parallelism);

    /** The stage that it runs. */
    abstract Stage<?> stage();

    /** Waits until all that streamed in is answered in committed output, stops the job and returns what it committed. */
    abstract O outcome() throws Exception;

    /** Lets its input stream in, until it is closed. */
    final RecordStream<?> stream(Duration spread) {
        stream = input(spread);
        return stream;
    }

    /**
     * Starts the job; returns when all of it runs.
     *
     * @param savepoint where to go on from; null to begin
     */
    final void start(int parallelism, String savepoint) throws Exception {
        JobConfiguration configuration = configuration(parallelism);
        job.start(configuration, new StageJob<>(stage(), configuration), savepoint);
    }

    /** Lets the rest of the input follow at once, and returns what was committed of all of it. */
    final O finish() throws Exception {
        stream.hurry();
        published = stream.awaitEnd();
        return outcome();
    }

    /** Records of the input, those included that close the stream. */
    int published() {
        return published;
    }

    /** Records of the input without those that close the stream. */
    int regular() {
        return stream.published();
    }

    /** A configuration without stages: exactly once, a checkpoint a second, restarts without end. */
    JobConfiguration common(int parallelism) {
        return new JobConfiguration(
                name,
                new JobConfiguration.Kafka(local.bootstrap(), Map.of()),
                new JobConfiguration.Registry(local.registry().url(), Map.of()),
                ConfigurationReader.of(
                        JobConfiguration.FlinkSettings.class,
                        Map.of(
                                "parallelism",
                                parallelism,
                                "checkpoint-interval",
                                Duration.ofSeconds(1),
                                "checkpoint-directory",
                                folder.resolve("checkpoints").toUri().toString(),
                                "properties",
                                Map.of(
                                        "restart-strategy.type", "fixed-delay",
                                        "restart-strategy.fixed-delay.attempts", "1000",
                                        "restart-strategy.fixed-delay.delay", "200ms"))),
                JobConfiguration.Delivery.EXACTLY_ONCE,
                Map.of());
    }

    /** The names of topics by their roles. */
    static Map<String, String> names(Topic<?>... topics) {
        return Arrays.stream(topics).collect(Collectors.toMap(Topic::role, Topic::name));
    }

    /** Main results committed so far. */
    int answered() {
        reader.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
        return seen.size();
    }

    /** Those that have been read. */
    List<R> seen() {
        return seen;
    }

    /** Stops the job, which leaves no transaction open, and returns every main result that was committed. */
    List<R> committed() throws Exception {
        job.stop(true);
        seen.addAll(values(reader));
        return List.copyOf(seen);
    }

    <T extends SpecificRecord> List<T> all(Topic<T> topic) {
        try (AvroTopicReader<T> topicReader = reader(topic)) {
            return values(topicReader);
        }
    }

    private static <T extends SpecificRecord> List<T> values(AvroTopicReader<T> reader) {
        return reader.readToEnd().stream().map(Decoded::value).toList();
    }

    private <T extends SpecificRecord> AvroTopicReader<T> reader(Topic<T> topic) {
        return new AvroTopicReader<>(
                topic.valueType(),
                topic.name(),
                local.bootstrap(),
                local.registryConfig(),
                AvroTopicReader.From.EARLIEST,
                Map.of());
    }

    @Override
    public void close() throws Exception {
        if (stream != null) {
            stream.close();
        }
        reader.close();
        job.close();
    }
}
