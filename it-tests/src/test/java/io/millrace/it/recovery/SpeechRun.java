package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.speech.SpeechConfiguration;
import io.millrace.jobs.speech.SpeechStage;
import io.millrace.jobs.stage.Stage;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.SpeechTopics;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Transcript;
import org.awaitility.Awaitility;

/** The speech job on a cluster, over topics and a name of its own. */
final class SpeechRun extends JobRun<Transcript, Heard> {
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(10);

    private final Calls calls;
    private final String model;
    private final Map<String, ?> inference;
    private final Topic<AudioChunk> audio;
    private final Topic<Transcript> transcripts;
    private final Topic<Alert> alerts;
    private final Topic<DeadLetter> deadLetters;
    private final Topic<FeatureSample> features;
    private final Topic<ModelRelease> releases;

    private SpeechRun(
            LocalInfrastructure local,
            FlinkCluster cluster,
            Path folder,
            Calls calls,
            String model,
            Map<String, ?> inference,
            Topic<Transcript> transcripts) {
        super(local, cluster, folder, "speech", transcripts);
        this.calls = calls;
        this.model = model;
        this.inference = inference;
        this.transcripts = transcripts;
        audio = local.freshTopic(SpeechTopics.AUDIO);
        alerts = local.freshTopic(SpeechTopics.ALERTS);
        deadLetters = local.freshTopic(SpeechTopics.DEAD_LETTERS);
        features = local.freshTopic(SpeechTopics.FEATURES);
        releases = local.freshTopic(CommonTopics.RELEASES);
    }

    /**
     * What is heard.
     *
     * @param streams how many streams it is of
     * @param chunks in the order they arrive
     * @param millis when each arrives, from the first on; null for as it suits
     */
    record Calls(int streams, List<AudioChunk> chunks, long[] millis) {}

    /**
     * Makes the topics.
     *
     * @param model folder of the model, or default
     */
    static SpeechRun over(
            LocalInfrastructure local,
            FlinkCluster cluster,
            Path folder,
            Calls calls,
            String model,
            Map<String, ?> inference) {
        return new SpeechRun(
                local, cluster, folder, calls, model, inference, local.freshTopic(SpeechTopics.TRANSCRIPTS));
    }

    @Override
    RecordStream<AudioChunk> input(Duration spread) {
        AvroPublisher<AudioChunk> publisher =
                new AvroPublisher<>(audio, local().bootstrap(), local().registryConfig(), Map.of());
        RecordStream.Pace pace = calls.millis() == null
                ? RecordStream.Pace.slowing(calls.chunks().size(), spread)
                : RecordStream.Pace.at(calls.millis());
        return new RecordStream<>(calls.chunks(), publisher, none -> 0, pace);
    }

    @Override
    Stage<?> stage() {
        return new SpeechStage();
    }

    @Override
    JobConfiguration configuration(int parallelism) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("topics", names(audio, transcripts, alerts, deadLetters, features, releases));
        settings.put("model", model);
        settings.put("look-ahead", 1);
        // what is heard must not depend on how fast the machine is
        settings.put("adaptive", false);
        settings.put("head", "ctc");
        settings.put("silence", Duration.ofMillis(240));
        settings.put("keywords", List.of("alpha", "india", "nine"));
        // longer than the test: streams are slow towards their end, see RecordStream
        settings.put("idle-after", Duration.ofMinutes(10));
        // a missing chunk is given up when eight wait behind it, not by time
        settings.put("reorder-wait", Duration.ofMinutes(1));
        settings.put("reorder-chunks", 8);
        settings.put("gap-limit", Duration.ofSeconds(5));
        settings.put("sample-rate", 0.05);
        // as many as are drawn
        settings.put("samples-per-minute", 1_000_000);
        settings.put("inference", inference);
        return common(parallelism).with(SpeechStage.NAME, ConfigurationReader.of(SpeechConfiguration.class, settings));
    }

    private long ended() {
        answered();
        return seen().stream()
                .filter(transcript -> transcript.getEndedBy() == EndOfUtterance.END_OF_STREAM)
                .map(Transcript::getStreamId)
                .distinct()
                .count();
    }

    @Override
    Heard outcome() throws Exception {
        Awaitility.await("every stream has ended in committed output")
                .atMost(ANSWER_LIMIT)
                .until(() -> ended() >= calls.streams());
        return new Heard(committed(), all(alerts), all(features), all(deadLetters));
    }
}
