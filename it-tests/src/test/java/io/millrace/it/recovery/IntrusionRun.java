package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.IntrusionConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.intrusion.NetworkIntrusionJob;
import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCatalogue;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;

/** The intrusion job on a cluster, over topics and a name of its own. */
final class IntrusionRun implements AutoCloseable {
    /** How far flows may be out of order. */
    static final Duration DISORDER = Duration.ofSeconds(2);
    /** Longer than the stream: where an alert ends does not depend on how watermarks and detections interleave. */
    static final Duration CLOSE_AFTER = Duration.ofMinutes(30);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(120);

    private final LocalInfrastructure local;
    private final Path folder;
    private final String name = "intrusion-" + UUID.randomUUID();
    private final Topic flows;
    private final Topic detections;
    private final Topic alerts;
    private final Topic deadLetters;
    private final Topic features;
    private final Topic releases;
    private final AvroTopicReader<Detection> detectionReader;
    private final List<Detection> seen = new ArrayList<>();
    private RecordStream<FlowRecord> stream;
    private final ClusterJob job;

    /**
     * Makes the topics.
     *
     * @param folder folder for checkpoints and savepoints
     */
    IntrusionRun(LocalInfrastructure local, FlinkCluster cluster, Path folder) {
        this.local = local;
        this.folder = folder.resolve(name);
        job = new ClusterJob(cluster, this.folder);
        flows = local.freshTopic(TopicCatalogue.FLOWS);
        detections = local.freshTopic(TopicCatalogue.DETECTIONS);
        alerts = local.freshTopic(TopicCatalogue.ALERTS);
        deadLetters = local.freshTopic(TopicCatalogue.DEAD_LETTERS);
        features = local.freshTopic(TopicCatalogue.FEATURES);
        releases = local.freshTopic(TopicCatalogue.MODEL_RELEASES);
        detectionReader = reader(Detection.class, detections);
    }

    /** Lets flows stream in: most of those left come within {@code spread}. */
    RecordStream<FlowRecord> stream(List<FlowRecord> input, Duration spread) {
        Instant last = input.stream()
                .map(FlowRecord::getEndTime)
                .max(Instant::compareTo)
                .orElseThrow();
        Instant end = last.plus(CLOSE_AFTER).plus(DISORDER).plusSeconds(1);
        stream = FlowStream.start(local, flows, input, end, spread);
        return stream;
    }

    /**
     * Starts the job; returns when all of it runs.
     *
     * @param savepoint where to go on from; null to begin
     */
    void start(int parallelism, String savepoint) throws Exception {
        JobConfiguration configuration = configuration(parallelism);
        job.start(configuration, new NetworkIntrusionJob(configuration), savepoint);
    }

    private JobConfiguration configuration(int parallelism) {
        return new JobConfiguration(
                name,
                new JobConfiguration.Kafka(local.bootstrap(), Map.of()),
                new JobConfiguration.Registry(local.registry().url(), Map.of()),
                new JobConfiguration.FlinkSettings(
                        parallelism,
                        Duration.ofSeconds(1),
                        folder.resolve("checkpoints").toUri().toString(),
                        "rocksdb",
                        Map.of(
                                "restart-strategy.type", "fixed-delay",
                                "restart-strategy.fixed-delay.attempts", "1000",
                                "restart-strategy.fixed-delay.delay", "200ms")),
                JobConfiguration.Delivery.EXACTLY_ONCE,
                new IntrusionConfiguration(
                        new IntrusionConfiguration.Topics(
                                flows.name(),
                                detections.name(),
                                alerts.name(),
                                deadLetters.name(),
                                features.name(),
                                releases.name()),
                        null,
                        null,
                        DISORDER,
                        // longer than an outage: an idle partition would hold back no watermark
                        Duration.ofMinutes(10),
                        null,
                        0.05,
                        // fewer slots than a subtask has keys, waits in which a checkpoint finds records unanswered,
                        // and
                        // states written ahead of every checkpoint
                        new InferenceConfiguration(
                                32, Duration.ofMillis(400), 512, 64, 2, Duration.ofHours(2), Duration.ZERO, "cpu"),
                        new IntrusionConfiguration.Alerts(3, Duration.ofMinutes(5), CLOSE_AFTER)),
                null);
    }

    /** Detections committed so far. */
    int answered() {
        detectionReader.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
        return seen.size();
    }

    ClusterJob job() {
        return job;
    }

    /** Waits until every flow of the stream is answered, stops the job and returns all that it committed. */
    Committed finish() throws Exception {
        stream.hurry();
        int total = stream.awaitEnd();
        int regular = stream.published();
        Awaitility.await("every flow is answered in committed output")
                .atMost(ANSWER_LIMIT)
                .until(() -> answered() >= regular);
        // answers the flows that closed the stream, and leaves no transaction open
        job.stop(true);
        seen.addAll(values(detectionReader));
        Committed committed = new Committed(
                List.copyOf(seen),
                all(Alert.class, alerts),
                all(FeatureSample.class, features),
                all(DeadLetter.class, deadLetters));
        if (committed.detections().size() + committed.deadLetters().size() < total) {
            throw new AssertionError(committed.detections().size() + " of " + total + " flows were answered");
        }
        return committed;
    }

    private <T extends SpecificRecord> List<T> all(Class<T> type, Topic topic) {
        try (AvroTopicReader<T> reader = reader(type, topic)) {
            return values(reader);
        }
    }

    private static <T extends SpecificRecord> List<T> values(AvroTopicReader<T> reader) {
        return reader.readToEnd().stream().map(Decoded::value).toList();
    }

    private <T extends SpecificRecord> AvroTopicReader<T> reader(Class<T> type, Topic topic) {
        return new AvroTopicReader<>(
                type, topic.name(), local.bootstrap(), local.registryConfig(), AvroTopicReader.From.EARLIEST, Map.of());
    }

    @Override
    public void close() throws Exception {
        if (stream != null) {
            stream.close();
        }
        detectionReader.close();
        job.close();
    }
}
