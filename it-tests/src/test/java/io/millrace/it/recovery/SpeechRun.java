package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.it.LocalInfrastructure;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.SpeechConfiguration;
import io.millrace.jobs.speech.SpeechRecognitionJob;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.KeywordAlert;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCatalogue;
import io.millrace.schemas.Transcript;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;

/** The speech job on a cluster, over topics and a name of its own. */
final class SpeechRun implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(180);

    private final LocalInfrastructure local;
    private final Path folder;
    private final Path model;
    private final String name = "speech-" + UUID.randomUUID();
    private final Topic audio;
    private final Topic transcripts;
    private final Topic keywords;
    private final Topic deadLetters;
    private final Topic releases;
    private final AvroTopicReader<Transcript> reader;
    private final List<Transcript> seen = new ArrayList<>();
    private final ClusterJob job;
    private RecordStream<AudioChunk> stream;

    /**
     * Makes the topics.
     *
     * @param folder folder for checkpoints and savepoints
     * @param model folder of the model
     */
    SpeechRun(LocalInfrastructure local, FlinkCluster cluster, Path folder, Path model) {
        this.local = local;
        this.folder = folder.resolve(name);
        this.model = model;
        audio = local.freshTopic(TopicCatalogue.AUDIO);
        transcripts = local.freshTopic(TopicCatalogue.TRANSCRIPTS);
        keywords = local.freshTopic(TopicCatalogue.KEYWORDS);
        deadLetters = local.freshTopic(TopicCatalogue.SPEECH_DEAD_LETTERS);
        releases = local.freshTopic(TopicCatalogue.MODEL_RELEASES);
        reader = reader(Transcript.class, transcripts);
        job = new ClusterJob(cluster, this.folder);
    }

    /** Lets audio stream in: most of what is left comes within {@code spread}. */
    RecordStream<AudioChunk> stream(List<AudioChunk> chunks, Duration spread) {
        AvroPublisher<AudioChunk> publisher = new AvroPublisher<>(
                AudioChunk.class,
                audio.name(),
                local.bootstrap(),
                local.registryConfig(),
                KeyExtractor.text(AudioChunk::getStreamId),
                chunk -> chunk.getEventTime().toEpochMilli(),
                Map.of());
        stream = new RecordStream<>(chunks, publisher, none -> 0, spread);
        return stream;
    }

    /** Starts the job; see {@link ClusterJob#start}. */
    void start(int parallelism, String savepoint) throws Exception {
        JobConfiguration configuration = configuration(parallelism);
        job.start(configuration, new SpeechRecognitionJob(configuration), savepoint);
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
                null,
                new SpeechConfiguration(
                        new SpeechConfiguration.Topics(
                                audio.name(), transcripts.name(), keywords.name(), deadLetters.name(), releases.name()),
                        model.toString(),
                        1,
                        // what is heard must not depend on how fast the machine is
                        false,
                        UtteranceDecoder.Head.CTC,
                        null,
                        null,
                        null,
                        null,
                        Duration.ofMillis(240),
                        List.of("alpha", "india"),
                        // longer than the test: streams are slow towards their end, see RecordStream
                        Duration.ofMinutes(10),
                        // a missing chunk is given up when eight wait behind it, not by time
                        Duration.ofMinutes(1),
                        8,
                        Duration.ofSeconds(5),
                        null,
                        // fewer slots than a subtask has streams, and waits in which a checkpoint finds chunks unheard
                        new InferenceConfiguration(8, Duration.ofMillis(100), 256, 16, 2, null, Duration.ZERO, "cpu")));
    }

    ClusterJob job() {
        return job;
    }

    /** Results committed so far. */
    int answered() {
        reader.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
        return seen.size();
    }

    private long ended() {
        answered();
        return seen.stream()
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
        job.stop(true);
        seen.addAll(values(reader));
        return new Heard(List.copyOf(seen), all(KeywordAlert.class, keywords), all(DeadLetter.class, deadLetters));
    }

    private <T extends SpecificRecord> List<T> all(Class<T> type, Topic topic) {
        try (AvroTopicReader<T> topicReader = reader(type, topic)) {
            return values(topicReader);
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
        reader.close();
        job.close();
    }
}
