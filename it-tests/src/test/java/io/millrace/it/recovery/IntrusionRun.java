package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.intrusion.IntrusionConfiguration;
import io.millrace.jobs.intrusion.IntrusionStage;
import io.millrace.jobs.stage.Stage;
import io.millrace.schemas.Alert;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.IntrusionTopics;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.Topic;
import org.awaitility.Awaitility;

/** The intrusion job on a cluster, over topics and a name of its own. */
final class IntrusionRun extends JobRun<Detection, Committed> {
    /** How far flows may be out of order. */
    static final Duration DISORDER = Duration.ofSeconds(2);
    /** Longer than the stream: where an alert ends does not depend on how watermarks and detections interleave. */
    static final Duration CLOSE_AFTER = Duration.ofMinutes(30);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(120);

    private final List<FlowRecord> input;
    private final Topic<FlowRecord> flows;
    private final Topic<Detection> detections;
    private final Topic<Alert> alerts;
    private final Topic<DeadLetter> deadLetters;
    private final Topic<FeatureSample> features;
    private final Topic<ModelRelease> releases;

    private IntrusionRun(
            LocalInfrastructure local,
            FlinkCluster cluster,
            Path folder,
            List<FlowRecord> input,
            Topic<Detection> detections) {
        super(local, cluster, folder, "intrusion", detections);
        this.input = input;
        this.detections = detections;
        flows = local.freshTopic(IntrusionTopics.FLOWS);
        alerts = local.freshTopic(IntrusionTopics.ALERTS);
        deadLetters = local.freshTopic(IntrusionTopics.DEAD_LETTERS);
        features = local.freshTopic(IntrusionTopics.FEATURES);
        releases = local.freshTopic(CommonTopics.RELEASES);
    }

    /** Makes the topics. */
    static IntrusionRun over(LocalInfrastructure local, FlinkCluster cluster, Path folder, List<FlowRecord> input) {
        return new IntrusionRun(local, cluster, folder, input, local.freshTopic(IntrusionTopics.DETECTIONS));
    }

    @Override
    RecordStream<FlowRecord> input(Duration spread) {
        Instant last = input.stream()
                .map(FlowRecord::getEndTime)
                .max(Instant::compareTo)
                .orElseThrow();
        Instant end = last.plus(CLOSE_AFTER).plus(DISORDER).plusSeconds(1);
        return FlowStream.start(local(), flows, input, end, spread);
    }

    @Override
    Stage<?> stage() {
        return new IntrusionStage();
    }

    @Override
    JobConfiguration configuration(int parallelism) {
        IntrusionConfiguration intrusion = ConfigurationReader.of(
                IntrusionConfiguration.class,
                Map.of(
                        "topics",
                        names(flows, detections, alerts, deadLetters, features, releases),
                        "disorder",
                        DISORDER,
                        // longer than an outage: an idle partition would hold back no watermark
                        "idle-after",
                        Duration.ofMinutes(10),
                        "sample-rate",
                        0.05,
                        // fewer slots than a subtask has keys, waits in which a checkpoint finds records unanswered,
                        // and states written ahead of every checkpoint
                        "inference",
                        Map.of(
                                "max-batch",
                                32,
                                "max-wait",
                                Duration.ofMillis(400),
                                "capacity",
                                512,
                                "slots",
                                64,
                                "pipeline-depth",
                                2,
                                "state-ttl",
                                Duration.ofHours(2),
                                "write-ahead-from",
                                Duration.ZERO,
                                "device",
                                "cpu"),
                        "alerts",
                        Map.of("open-after", 3, "within", Duration.ofMinutes(5), "close-after", CLOSE_AFTER)));
        return common(parallelism).with(IntrusionStage.NAME, intrusion);
    }

    @Override
    Committed outcome() throws Exception {
        Awaitility.await("every flow is answered in committed output")
                .atMost(ANSWER_LIMIT)
                .until(() -> answered() >= regular());
        // stopping answers the flows that closed the stream
        Committed committed = new Committed(committed(), all(alerts), all(features), all(deadLetters));
        if (committed.detections().size() + committed.deadLetters().size() < published()) {
            throw new AssertionError(committed.detections().size() + " of " + published() + " flows were answered");
        }
        return committed;
    }
}
