package io.millrace.schemas;

import java.time.Duration;
import java.util.List;

import io.millrace.schemas.Topic.Cleanup;
import io.millrace.schemas.Topic.KeyType;
import org.apache.avro.specific.SpecificRecord;

/** Every topic that Millrace reads or writes: the one place where names, keys, schemas and retention are settled. */
public final class TopicCatalogue {
    /** Flow records, the input of intrusion detection. */
    public static final Topic FLOWS = new Topic(
            "millrace.intrusion.flows",
            "source address of the flow",
            KeyType.TEXT,
            FlowRecord.class,
            Duration.ofDays(2),
            Cleanup.DELETE,
            4);

    /** One verdict for each flow. */
    public static final Topic DETECTIONS = new Topic(
            "millrace.intrusion.detections",
            "key whose history the model saw (Detection.key)",
            KeyType.TEXT,
            Detection.class,
            Duration.ofDays(7),
            Cleanup.DELETE,
            4);

    /** Alerts of intrusion detection; the newest revision of an alert stands. */
    public static final Topic ALERTS = alerts("intrusion");

    /** Records given up, with their bytes and origin. */
    public static final Topic DEAD_LETTERS = new Topic(
            "millrace.intrusion.dlq",
            "key of the record that was given up, unchanged",
            KeyType.BYTES,
            DeadLetter.class,
            Duration.ofDays(14),
            Cleanup.DELETE,
            1);

    /** Samples of what the intrusion model saw and thought, for drift detection. */
    public static final Topic FEATURES = features("intrusion");

    /** What analysts say of alerts and flows. */
    public static final Topic FEEDBACK = new Topic(
            "millrace.intrusion.feedback",
            "feedback_id",
            KeyType.TEXT,
            AnalystFeedback.class,
            Duration.ofDays(365),
            Cleanup.DELETE,
            1);

    /** Orders to change models; of each stage and model the newest stands. */
    public static final Topic MODEL_RELEASES = new Topic(
            "millrace.models.releases",
            "stage and model, joined by a slash",
            KeyType.TEXT,
            ModelRelease.class,
            Duration.ofDays(30),
            Cleanup.COMPACT,
            1);

    /** Audio in pieces, one channel a piece: the input of speech recognition. */
    public static final Topic AUDIO = new Topic(
            "millrace.speech.audio",
            "stream_id",
            KeyType.TEXT,
            AudioChunk.class,
            Duration.ofDays(1),
            Cleanup.DELETE,
            4,
            RecordLimits.USUAL.withRecordBytes(16 << 20));

    /** What was said: partial results and finals of utterances. */
    public static final Topic TRANSCRIPTS = new Topic(
            "millrace.speech.transcripts",
            "stream_id",
            KeyType.TEXT,
            Transcript.class,
            Duration.ofDays(7),
            Cleanup.DELETE,
            4);

    /** Alerts of speech: words and phrases watched for that were said. */
    public static final Topic SPEECH_ALERTS = alerts("speech");

    /** Samples of what the speech model heard and thought, for drift detection. */
    public static final Topic SPEECH_FEATURES = features("speech");

    /** Audio chunks given up, with their bytes and origin. */
    public static final Topic SPEECH_DEAD_LETTERS = new Topic(
            "millrace.speech.dlq",
            "key of the record that was given up, unchanged",
            KeyType.BYTES,
            DeadLetter.class,
            Duration.ofDays(14),
            Cleanup.DELETE,
            1);

    /** What is said in simulated audio, to measure transcripts by. */
    public static final Topic SPEECH_TRUTH = new Topic(
            "millrace.speech.truth",
            "stream_id",
            KeyType.TEXT,
            SpeechTruth.class,
            Duration.ofDays(7),
            Cleanup.DELETE,
            1);

    private static final List<Topic> ALL = List.of(
            FLOWS,
            AUDIO,
            DETECTIONS,
            ALERTS,
            DEAD_LETTERS,
            FEATURES,
            FEEDBACK,
            MODEL_RELEASES,
            TRANSCRIPTS,
            SPEECH_ALERTS,
            SPEECH_FEATURES,
            SPEECH_DEAD_LETTERS,
            SPEECH_TRUTH);

    private TopicCatalogue() {}

    private static Topic alerts(String stage) {
        return new Topic(
                alertsName(stage),
                "alert_id",
                KeyType.TEXT,
                Alert.class,
                Duration.ofDays(30),
                Cleanup.COMPACT_AND_DELETE,
                1);
    }

    private static String alertsName(String stage) {
        return "millrace." + stage + ".alerts";
    }

    private static Topic features(String stage) {
        return new Topic(
                "millrace." + stage + ".features",
                "key of the record that was sampled",
                KeyType.TEXT,
                FeatureSample.class,
                Duration.ofDays(7),
                Cleanup.DELETE,
                1);
    }

    /**
     * The topic of a stage's alerts.
     *
     * @throws IllegalArgumentException naming the stages that have one, if that stage has none
     */
    public static Topic alertsOf(String stage) {
        List<Topic> alerts =
                ALL.stream().filter(topic -> topic.valueType() == Alert.class).toList();
        return alerts.stream()
                .filter(topic -> topic.name().equals(alertsName(stage)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stage " + stage + " gives alerts; those that do: "
                        + String.join(
                                ", ",
                                alerts.stream()
                                        .map(topic -> topic.name().split("\\.")[1])
                                        .toList())));
    }

    /** Every topic, inputs first. */
    public static List<Topic> all() {
        return ALL;
    }

    /** What a record of this type may be at most. */
    public static RecordLimits limitsOf(Class<? extends SpecificRecord> type) {
        return ALL.stream()
                .filter(topic -> topic.valueType() == type)
                .findFirst()
                .map(Topic::limits)
                .orElse(RecordLimits.USUAL);
    }

    /**
     * The topic of that name.
     *
     * @throws IllegalArgumentException if the catalogue has none
     */
    public static Topic named(String name) {
        return ALL.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No topic " + name + " in the catalogue; it has "
                        + ALL.stream().map(Topic::name).toList()));
    }
}
