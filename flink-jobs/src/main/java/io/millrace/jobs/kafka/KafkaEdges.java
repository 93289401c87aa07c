package io.millrace.jobs.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.millrace.connectors.kafka.AvroKafkaSink;
import io.millrace.connectors.kafka.AvroKafkaSource;
import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.kafka.RecordOrigin;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.operators.deadletter.DeadLetterWatch;
import io.millrace.operators.source.Origin;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.TopicCatalogue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
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
     * Reads a topic whose event time does not matter to the order of its records; see {@link #read(
     * StreamExecutionEnvironment, Class, String, StartFrom, EventTime, Duration, Duration, String)}.
     */
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> readUnordered(
            StreamExecutionEnvironment environment,
            Class<T> type,
            String topic,
            StartFrom start,
            EventTime<T> eventTime,
            String what) {
        AvroKafkaSource.Builder<T> source = source(type, topic, from(start)).optEventTime(eventTime);
        return traced(
                environment,
                source,
                WatermarkStrategy.<Decoded<T>>noWatermarks()
                        .withTimestampAssigner(AvroKafkaSource.eventTimes(eventTime.times())),
                type,
                what);
    }

    /**
     * Reads a topic. What cannot be decoded, or bears a time that cannot be believed, is in the side output {@link
     * DeadLetterRouter#DEAD_LETTERS}.
     *
     * @param disorder how far records may be out of order
     * @param idleAfter wall-clock silence after which a partition that has nothing left to read holds nothing back
     * @param what what the records are, in the plural
     */
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> read(
            StreamExecutionEnvironment environment,
            Class<T> type,
            String topic,
            StartFrom start,
            EventTime<T> eventTime,
            Duration disorder,
            Duration idleAfter,
            String what) {
        AvroKafkaSource.Builder<T> source = source(type, topic, from(start)).optEventTime(eventTime);
        return traced(environment, source, source.watermarks(disorder, idleAfter), type, what);
    }

    private static AvroKafkaSource.Start from(StartFrom start) {
        return switch (start) {
            case EARLIEST -> AvroKafkaSource.Start.COMMITTED_OR_EARLIEST;
            case LATEST -> AvroKafkaSource.Start.COMMITTED_OR_LATEST;
        };
    }

    private static <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> traced(
            StreamExecutionEnvironment environment,
            AvroKafkaSource.Builder<T> source,
            WatermarkStrategy<Decoded<T>> eventTime,
            Class<T> type,
            String what) {
        return environment
                .fromSource(source.build(), eventTime, "Read " + what + " from Kafka")
                .uid("read-" + what.replace(' ', '-'))
                .process(DeadLetterRouter.of(Traced.of(type), KafkaEdges::withOrigin))
                .name("Set aside what is no " + singular(what))
                .uid("route-" + what.replace(' ', '-'));
    }

    private static <T extends SpecificRecordBase> Traced<T> withOrigin(T record, RecordOrigin origin) {
        return new Traced<>(
                record, new Origin(origin.topic(), origin.partition(), origin.offset(), origin.timestamp()));
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
                .process(DeadLetterRouter.of(ModelRelease.class))
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
                DeadLetterWatch.over(letters, stage),
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
