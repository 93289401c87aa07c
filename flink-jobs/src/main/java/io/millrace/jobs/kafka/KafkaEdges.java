package io.millrace.jobs.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.millrace.connectors.kafka.AvroKafkaSink;
import io.millrace.connectors.kafka.AvroKafkaSource;
import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.TopicCatalogue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where a stage's job reads from Kafka and writes to it, as its configuration says. */
public final class KafkaEdges {

    private final JobConfiguration configuration;
    private final RegistryConfig registry;
    private final String stage;
    private final String deadLetters;

    /**
     * The edges of a job.
     *
     * @param stage name of the stage in dead letters
     * @param deadLetters topic of dead letters
     */
    public KafkaEdges(JobConfiguration configuration, String stage, String deadLetters) {
        this.deadLetters = deadLetters;
        this.configuration = configuration;
        this.registry = configuration.registryConfig();
        this.stage = stage;
    }

    /**
     * Reads a topic; what cannot be decoded is in the side output {@link DeadLetterRouter#DEAD_LETTERS}.
     *
     * @param what what the records are, in the plural
     */
    public <T extends SpecificRecord> SingleOutputStreamOperator<T> read(
            StreamExecutionEnvironment environment,
            Class<T> type,
            String topic,
            StartFrom start,
            WatermarkStrategy<Decoded<T>> eventTime,
            String what) {
        AvroKafkaSource.Start from =
                switch (start) {
                    case EARLIEST -> AvroKafkaSource.Start.COMMITTED_OR_EARLIEST;
                    case LATEST -> AvroKafkaSource.Start.COMMITTED_OR_LATEST;
                };
        return environment
                .fromSource(source(type, topic, from).build(), eventTime, "Read " + what + " from Kafka")
                .uid("read-" + what.replace(' ', '-'))
                .process(new DeadLetterRouter<>(type))
                .name("Set aside what is no " + singular(what))
                .uid("route-" + what.replace(' ', '-'));
    }

    /**
     * Reads model releases: all that the compacted topic holds, for of each model the newest stands, whenever it came.
     * Where the job goes on from a savepoint, those that are new to it.
     */
    public SingleOutputStreamOperator<ModelRelease> releases(StreamExecutionEnvironment environment, String topic) {
        return environment
                .fromSource(
                        source(ModelRelease.class, topic, AvroKafkaSource.Start.EARLIEST)
                                .build(),
                        WatermarkStrategy.<Decoded<ModelRelease>>noWatermarks().withIdleness(Duration.ofSeconds(1)),
                        "Read model releases from Kafka")
                .uid("read-releases")
                .setParallelism(1)
                .process(new DeadLetterRouter<>(ModelRelease.class))
                .name("Set aside what is no release")
                .uid("route-releases")
                .setParallelism(1);
    }

    private <T extends SpecificRecord> AvroKafkaSource.Builder<T> source(
            Class<T> type, String topic, AvroKafkaSource.Start start) {
        return AvroKafkaSource.builder(type)
                .setBootstrap(configuration.kafka().bootstrap())
                .setTopics(topic)
                .setGroup(configuration.name())
                .setRegistry(registry)
                .setStage(stage)
                .optStart(start)
                .optLimits(configuration.kafka().limits(TopicCatalogue.limitsOf(type)))
                .optProperties(configuration.kafka().properties());
    }

    private static String singular(String what) {
        return what.endsWith("s") ? what.substring(0, what.length() - 1) : what;
    }

    /** Writes records to a topic, with the delivery that the configuration asks for; {@code what}: what they are. */
    public <T extends SpecificRecord> void write(
            DataStream<T> records, Class<T> type, String topic, KeyExtractor<T> key, String what) {
        AvroKafkaSink.Builder<T> sink = AvroKafkaSink.builder(type)
                .setBootstrap(configuration.kafka().bootstrap())
                .setTopic(topic)
                .setRegistry(registry)
                .setKey(key)
                .optDeadLetters(stage, deadLetters)
                .optProperties(configuration.kafka().properties());
        String id = what.replace(' ', '-');
        if (configuration.delivery() == JobConfiguration.Delivery.AT_LEAST_ONCE) {
            sink.optAtLeastOnce();
        } else {
            sink.setTransactionPrefix(configuration.name() + "-" + id);
        }
        records.sinkTo(sink.build()).name("Write " + what + " to Kafka").uid("write-" + id);
    }

    /** Writes dead letters under the keys of their records. */
    public void writeDeadLetters(DataStream<DeadLetter> letters) {
        write(
                letters,
                DeadLetter.class,
                deadLetters,
                letter -> letter.getKey() == null ? null : bytes(letter.getKey()),
                "dead letters");
    }

    /** A key as Kafka has it. */
    public static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer key) {
        byte[] bytes = new byte[key.remaining()];
        key.duplicate().get(bytes);
        return bytes;
    }
}
