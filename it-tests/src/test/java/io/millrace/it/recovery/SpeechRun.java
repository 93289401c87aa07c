package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.SpeechConfiguration;
import io.millrace.jobs.speech.SpeechRecognitionJob;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCatalogue;
import io.millrace.schemas.Transcript;
import org.awaitility.Awaitility;

/** The speech job on a cluster, over topics and a name of its own. */
final class SpeechRun extends JobRun<Transcript> {
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(10);

    private final String model;
    private final InferenceConfiguration inference;
    private final Topic audio;
    private final Topic transcripts;
    private final Topic alerts;
    private final Topic deadLetters;
    private final Topic features;
    private final Topic releases;
    private RecordStream<AudioChunk> stream;

    private SpeechRun(
            LocalInfrastructure local,
            FlinkCluster cluster,
            Path folder,
            String model,
            InferenceConfiguration inference,
            Topic transcripts) {
        super(local, cluster, folder, "speech", Transcript.class, transcripts);
        this.model = model;
        this.inference = inference;
        this.transcripts = transcripts;
        audio = local.freshTopic(TopicCatalogue.AUDIO);
        alerts = local.freshTopic(TopicCatalogue.SPEECH_ALERTS);
        deadLetters = local.freshTopic(TopicCatalogue.SPEECH_DEAD_LETTERS);
        features = local.freshTopic(TopicCatalogue.SPEECH_FEATURES);
        releases = local.freshTopic(TopicCatalogue.MODEL_RELEASES);
    }

    /**
     * Makes the topics.
     *
     * @param folder folder for checkpoints and savepoints
     * @param model folder of the model, or default
     */
    static SpeechRun over(
            LocalInfrastructure local,
            FlinkCluster cluster,
            Path folder,
            String model,
            InferenceConfiguration inference) {
        return new SpeechRun(local, cluster, folder, model, inference, local.freshTopic(TopicCatalogue.TRANSCRIPTS));
    }

    /** Lets audio stream in. */
    RecordStream<AudioChunk> stream(List<AudioChunk> chunks, RecordStream.Pace pace) {
        AvroPublisher<AudioChunk> publisher = new AvroPublisher<>(
                AudioChunk.class,
                audio.name(),
                local().bootstrap(),
                local().registryConfig(),
                KeyExtractor.text(AudioChunk::getStreamId),
                chunk -> chunk.getEventTime().toEpochMilli(),
                Map.of());
        stream = opened(new RecordStream<>(chunks, publisher, none -> 0, pace));
        return stream;
    }

    /** Starts the job; see {@link ClusterJob#start}. */
    void start(int parallelism, String savepoint) throws Exception {
        JobConfiguration configuration = configuration(parallelism);
        job().start(configuration, new SpeechRecognitionJob(configuration), savepoint);
    }

    private JobConfiguration configuration(int parallelism) {
        return common(parallelism)
                .with(new SpeechConfiguration(
                        new SpeechConfiguration.Topics(
                                audio.name(),
                                transcripts.name(),
                                alerts.name(),
                                deadLetters.name(),
                                features.name(),
                                releases.name()),
                        model,
                        1,
                        // what is heard must not depend on how fast the machine is
                        false,
                        UtteranceDecoder.Head.CTC,
                        null,
                        null,
                        null,
                        null,
                        Duration.ofMillis(240),
                        List.of("alpha", "india", "nine"),
                        null,
                        // longer than the test: streams are slow towards their end, see RecordStream
                        Duration.ofMinutes(10),
                        // a missing chunk is given up when eight wait behind it, not by time
                        Duration.ofMinutes(1),
                        8,
                        Duration.ofSeconds(5),
                        null,
                        0.05,
                        // as many as are drawn
                        1_000_000,
                        inference,
                        null));
    }

    private long ended() {
        answered();
        return seen().stream()
                .filter(transcript -> transcript.getEndedBy() == EndOfUtterance.END_OF_STREAM)
                .map(Transcript::getStreamId)
                .distinct()
                .count();
    }

    /** Waits until every stream has ended, stops the job and returns all that it committed. */
    Heard finish(int streams) throws Exception {
        stream.hurry();
        stream.awaitEnd();
        Awaitility.await("every stream has ended in committed output")
                .atMost(ANSWER_LIMIT)
                .until(() -> ended() >= streams);
        return new Heard(
                committed(),
                all(Alert.class, alerts),
                all(FeatureSample.class, features),
                all(DeadLetter.class, deadLetters));
    }
}
