package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.time.Duration;

import org.apiguardian.api.API;

/** Topics that every stage has, or that all stages share. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CommonTopics {

    /** Orders to change models; of each stage and model the newest stands. Shared by all stages. */
    public static final Topic<ModelRelease> RELEASES = Topic.of(ModelRelease.class)
            .setName("millrace.models.releases")
            .setRole("releases")
            .setRecords("model releases")
            .setTextKey("stage and model, joined by a slash", order -> order.getStage() + '/' + order.getModel())
            .optTime(ModelRelease::getReleasedTime)
            .setRetention(Duration.ofDays(30))
            .optCleanup(Topic.Cleanup.COMPACT)
            .build();

    private CommonTopics() {}

    /** The alerts of a stage; the newest revision of an alert stands. */
    public static Topic<Alert> alerts(String stage) {
        return Topic.of(Alert.class)
                .setName(alertsName(stage))
                .setRole("alerts")
                .setRecords("alerts")
                .setTextKey("alert_id", Alert::getAlertId)
                .setRetention(Duration.ofDays(30))
                .optCleanup(Topic.Cleanup.COMPACT_AND_DELETE)
                .build();
    }

    /** Name of the topic of a stage's alerts, where its configuration gives no other. */
    public static String alertsName(String stage) {
        return "millrace." + stage + ".alerts";
    }

    /** Samples of what the model of a stage saw and thought, for drift detection. */
    public static Topic<FeatureSample> features(String stage) {
        return Topic.of(FeatureSample.class)
                .setName("millrace." + stage + ".features")
                .setRole("features")
                .setRecords("samples")
                .setTextKey("key of the record that was sampled", FeatureSample::getKey)
                .setRetention(Duration.ofDays(7))
                .build();
    }

    /** Records that a stage gave up, with their bytes and origin. */
    public static Topic<DeadLetter> deadLetters(String stage) {
        return Topic.of(DeadLetter.class)
                .setName("millrace." + stage + ".dlq")
                .setRole("dead-letters")
                .setRecords("dead letters")
                .setKey("key of the record that was given up, unchanged; may be absent", CommonTopics::keyOf)
                .setRetention(Duration.ofDays(14))
                .build();
    }

    private static byte[] keyOf(DeadLetter letter) {
        ByteBuffer key = letter.getKey();
        if (key == null) {
            return null;
        }
        byte[] bytes = new byte[key.remaining()];
        key.duplicate().get(bytes);
        return bytes;
    }
}
