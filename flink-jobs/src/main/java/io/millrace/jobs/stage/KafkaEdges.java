package io.millrace.jobs.stage;

import java.time.Duration;
import java.util.Map;

import io.millrace.connectors.kafka.AvroKafkaSink;
import io.millrace.connectors.kafka.AvroKafkaSource;
import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.connectors.kafka.RecordOrigin;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.operators.source.Origin;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Reads a stage's records from Kafka and writes them to it, under the names and with the delivery that its configuration
 * says.
 */
final class KafkaEdges implements StageEdges {

    private final StreamExecutionEnvironment environment;
    private final JobConfiguration job;
    private final RegistryConfig registry;
    private final String stage;
    private final Map<String, String> topics;

    /**
     * The edges of a job.
     *
     * @param stage name of the stage in dead letters
     * @param topics names of topics by their roles, where they are others than usual
     */
    KafkaEdges(StreamExecutionEnvironment environment, JobConfiguration job, String stage, Map<String, String> topics) {
        this.environment = environment;
        this.job = job;
        this.registry = job.registryConfig();
        this.stage = stage;
        this.topics = topics;
    }

    private String nameOf(Topic<?> topic) {
        return topics.getOrDefault(topic.role(), topic.name());
    }

    @Override
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> readUnordered(
            Topic<T> topic, StartFrom start, Duration maxAhead) {
        return traced(
                topic,
                source(topic, from(start)).optEventTime(new EventTime<>(topic.times(), maxAhead)),
                WatermarkStrategy.<Decoded<T>>noWatermarks()
                        .withTimestampAssigner(AvroKafkaSource.eventTimes(topic.times())));
    }

    @Override
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> read(
            Topic<T> topic, StartFrom start, Duration maxAhead, Duration disorder, Duration idleAfter) {
        AvroKafkaSource.Builder<T> source =
                source(topic, from(start)).optEventTime(new EventTime<>(topic.times(), maxAhead));
        return traced(topic, source, source.watermarks(disorder, idleAfter));
    }

    private static AvroKafkaSource.Start from(StartFrom start) {
        return switch (start) {
            case EARLIEST -> AvroKafkaSource.Start.COMMITTED_OR_EARLIEST;
            case LATEST -> AvroKafkaSource.Start.COMMITTED_OR_LATEST;
        };
    }

    private <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> traced(
            Topic<T> topic, AvroKafkaSource.Builder<T> source, WatermarkStrategy<Decoded<T>> eventTime) {
        return environment
                .fromSource(source.build(), eventTime, "Read " + topic.records() + " from Kafka")
                .uid("read-" + id(topic))
                .process(DeadLetterRouter.of(Traced.of(topic.valueType()), KafkaEdges::withOrigin))
                .name("Set aside what is no " + singular(topic.records()))
                .uid("route-" + id(topic));
    }

    private static <T extends SpecificRecordBase> Traced<T> withOrigin(T record, RecordOrigin origin) {
        return new Traced<>(
                record, new Origin(origin.topic(), origin.partition(), origin.offset(), origin.timestamp()));
    }

    /**
     * Reads model releases: all that the compacted topic holds, for of each model the newest stands, whenever it came.
     * Where the job goes on from a savepoint, those that are new to it.
     */
    @Override
    public SingleOutputStreamOperator<ModelRelease> releases() {
        return environment
                .fromSource(
                        source(CommonTopics.RELEASES, AvroKafkaSource.Start.EARLIEST)
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

    private <T extends SpecificRecord> AvroKafkaSource.Builder<T> source(Topic<T> topic, AvroKafkaSource.Start start) {
        return AvroKafkaSource.builder(topic.valueType())
                .setBootstrap(job.kafka().bootstrap())
                .setTopics(nameOf(topic))
                .setGroup(job.name())
                .setRegistry(registry)
                .setStage(stage)
                .optStart(start)
                .optLimits(job.kafka().limits(topic.limits()))
                .optProperties(job.kafka().properties());
    }

    private static String singular(String records) {
        return records.endsWith("s") ? records.substring(0, records.length() - 1) : records;
    }

    private static String id(Topic<?> topic) {
        return topic.records().replace(' ', '-');
    }

    @Override
    public <T extends SpecificRecord> void write(DataStream<T> records, Topic<T> topic) {
        AvroKafkaSink.Builder<T> sink = AvroKafkaSink.builder(topic.valueType())
                .setBootstrap(job.kafka().bootstrap())
                .setTopic(nameOf(topic))
                .setRegistry(registry)
                .setKey(topic.keys())
                .optDeadLetters(stage, nameOf(CommonTopics.deadLetters(stage)))
                .optProperties(job.kafka().properties());
        if (job.delivery() == JobConfiguration.Delivery.AT_LEAST_ONCE) {
            sink.optAtLeastOnce();
        } else {
            sink.setTransactionPrefix(job.name() + "-" + id(topic));
        }
        records.sinkTo(sink.build())
                .name("Write " + topic.records() + " to Kafka")
                .uid("write-" + id(topic));
    }
}
