package io.millrace.schemas;

import java.time.Duration;
import java.util.List;

/** Topics of intrusion detection. */
public final class IntrusionTopics {
    private static final String STAGE = "intrusion";

    /** Flow records, the input. */
    public static final Topic<FlowRecord> FLOWS = Topic.of(FlowRecord.class)
            .setName("millrace.intrusion.flows")
            .setRole("flows")
            .setRecords("flows")
            .setTextKey("source address of the flow", FlowRecord::getSourceAddress)
            .optTime(FlowRecord::getEndTime)
            .setRetention(Duration.ofDays(2))
            .optPartitions(4)
            .build();

    /** One verdict for each flow. */
    public static final Topic<Detection> DETECTIONS = Topic.of(Detection.class)
            .setName("millrace.intrusion.detections")
            .setRole("detections")
            .setRecords("detections")
            .setTextKey("key whose history the model saw (Detection.key)", Detection::getKey)
            .setRetention(Duration.ofDays(7))
            .optPartitions(4)
            .build();

    /** Alerts; the newest revision of an alert stands. */
    public static final Topic<Alert> ALERTS = CommonTopics.alerts(STAGE);

    /** Flows given up, with their bytes and origin. */
    public static final Topic<DeadLetter> DEAD_LETTERS = CommonTopics.deadLetters(STAGE);

    /** Samples of what the model saw and thought, for drift detection. */
    public static final Topic<FeatureSample> FEATURES = CommonTopics.features(STAGE);

    /** What analysts say of alerts and flows. */
    public static final Topic<AnalystFeedback> FEEDBACK = Topic.of(AnalystFeedback.class)
            .setName("millrace.intrusion.feedback")
            .setRole("feedback")
            .setRecords("feedback")
            .setTextKey("feedback_id", AnalystFeedback::getFeedbackId)
            .setRetention(Duration.ofDays(365))
            .build();

    private IntrusionTopics() {}

    /** Those that the job reads and writes, inputs first. */
    public static List<Topic<?>> ofTheJob() {
        return List.of(FLOWS, DETECTIONS, ALERTS, DEAD_LETTERS, FEATURES, CommonTopics.RELEASES);
    }

    /** Those that others write beside the job. */
    public static List<Topic<?>> besideTheJob() {
        return List.of(FEEDBACK);
    }
}
