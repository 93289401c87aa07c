package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.config.AlertConfiguration;
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
import org.awaitility.Awaitility;

/** The intrusion job on a cluster, over topics and a name of its own. */
final class IntrusionRun extends JobRun<Detection> {
    /** How far flows may be out of order. */
    static final Duration DISORDER = Duration.ofSeconds(2);
    /** Longer than the stream: where an alert ends does not depend on how watermarks and detections interleave. */
    static final Duration CLOSE_AFTER = Duration.ofMinutes(30);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(120);

    private final Topic flows;
    private final Topic detections;
    private final Topic alerts;
    private final Topic deadLetters;
    private final Topic features;
    private final Topic releases;
    private RecordStream<FlowRecord> stream;

    private IntrusionRun(LocalInfrastructure local, FlinkCluster cluster, Path folder, Topic detections) {
        super(local, cluster, folder, "intrusion", Detection.class, detections);
        this.detections = detections;
        flows = local.freshTopic(TopicCatalogue.FLOWS);
        alerts = local.freshTopic(TopicCatalogue.ALERTS);
        deadLetters = local.freshTopic(TopicCatalogue.DEAD_LETTERS);
        features = local.freshTopic(TopicCatalogue.FEATURES);
        releases = local.freshTopic(TopicCatalogue.MODEL_RELEASES);
    }

    /**
     * Makes the topics.
     *
     * @param folder folder for checkpoints and savepoints
     */
    static IntrusionRun over(LocalInfrastructure local, FlinkCluster cluster, Path folder) {
        return new IntrusionRun(local, cluster, folder, local.freshTopic(TopicCatalogue.DETECTIONS));
    }

    /** Lets flows stream in: most of those left come within {@code spread}. */
    RecordStream<FlowRecord> stream(List<FlowRecord> input, Duration spread) {
        Instant last = input.stream()
                .map(FlowRecord::getEndTime)
                .max(Instant::compareTo)
                .orElseThrow();
        Instant end = last.plus(CLOSE_AFTER).plus(DISORDER).plusSeconds(1);
        stream = opened(FlowStream.start(local(), flows, input, end, spread));
        return stream;
    }

    /**
     * Starts the job; returns when all of it runs.
     *
     * @param savepoint where to go on from; null to begin
     */
    void start(int parallelism, String savepoint) throws Exception {
        JobConfiguration configuration = configuration(parallelism);
        job().start(configuration, new NetworkIntrusionJob(configuration), savepoint);
    }

    private JobConfiguration configuration(int parallelism) {
        return common(parallelism)
                .with(new IntrusionConfiguration(
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
                        null,
                        // longer than an outage: an idle partition would hold back no watermark
                        Duration.ofMinutes(10),
                        null,
                        0.05,
                        null,
                        // fewer slots than a subtask has keys, waits in which a checkpoint finds records unanswered,
                        // and
                        // states written ahead of every checkpoint
                        new InferenceConfiguration(
                                32, Duration.ofMillis(400), 512, 64, 2, Duration.ofHours(2), Duration.ZERO, "cpu"),
                        new AlertConfiguration(3, Duration.ofMinutes(5), CLOSE_AFTER)));
    }

    /** Waits until every flow of the stream is answered, stops the job and returns all that it committed. */
    Committed finish() throws Exception {
        stream.hurry();
        int total = stream.awaitEnd();
        int regular = stream.published();
        Awaitility.await("every flow is answered in committed output")
                .atMost(ANSWER_LIMIT)
                .until(() -> answered() >= regular);
        // stopping answers the flows that closed the stream
        Committed committed = new Committed(
                committed(),
                all(Alert.class, alerts),
                all(FeatureSample.class, features),
                all(DeadLetter.class, deadLetters));
        if (committed.detections().size() + committed.deadLetters().size() < total) {
            throw new AssertionError(committed.detections().size() + " of " + total + " flows were answered");
        }
        return committed;
    }
}
