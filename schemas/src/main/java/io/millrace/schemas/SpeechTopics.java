package io.millrace.schemas;

import java.time.Duration;
import java.util.List;

/** Topics of speech recognition. */
public final class SpeechTopics {
    private static final String STAGE = "speech";

    /** Audio in pieces, one channel a piece: the input. */
    public static final Topic<AudioChunk> AUDIO = Topic.of(AudioChunk.class)
            .setName("millrace.speech.audio")
            .setRole("audio")
            .setRecords("audio chunks")
            .setTextKey("stream_id", AudioChunk::getStreamId)
            .optTime(AudioChunk::getEventTime)
            .setRetention(Duration.ofDays(1))
            .optPartitions(4)
            .optLimits(RecordLimits.USUAL.withRecordBytes(16 << 20))
            .build();

    /** What was said: partial results and finals of utterances. */
    public static final Topic<Transcript> TRANSCRIPTS = Topic.of(Transcript.class)
            .setName("millrace.speech.transcripts")
            .setRole("transcripts")
            .setRecords("transcripts")
            .setTextKey("stream_id", Transcript::getStreamId)
            .setRetention(Duration.ofDays(7))
            .optPartitions(4)
            .build();

    /** Words and phrases watched for that were said. */
    public static final Topic<Alert> ALERTS = CommonTopics.alerts(STAGE);

    /** Samples of what the model heard and thought, for drift detection. */
    public static final Topic<FeatureSample> FEATURES = CommonTopics.features(STAGE);

    /** Audio chunks given up, with their bytes and origin. */
    public static final Topic<DeadLetter> DEAD_LETTERS = CommonTopics.deadLetters(STAGE);

    /** What is said in simulated audio, to measure transcripts by. */
    public static final Topic<SpeechTruth> TRUTH = Topic.of(SpeechTruth.class)
            .setName("millrace.speech.truth")
            .setRole("truth")
            .setRecords("truths")
            .setTextKey("stream_id", SpeechTruth::getStreamId)
            .optTime(SpeechTruth::getEventTime)
            .setRetention(Duration.ofDays(7))
            .build();

    private SpeechTopics() {}

    /** Those that the job reads and writes, inputs first. */
    public static List<Topic<?>> ofTheJob() {
        return List.of(AUDIO, TRANSCRIPTS, ALERTS, DEAD_LETTERS, FEATURES, CommonTopics.RELEASES);
    }

    /** Those that others write beside the job. */
    public static List<Topic<?>> besideTheJob() {
        return List.of(TRUTH);
    }
}
