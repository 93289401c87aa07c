package io.millrace.jobs.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.kafka.AvroKafkaSink;
import io.millrace.connectors.kafka.AvroKafkaSource;
import io.millrace.connectors.kafka.DeadLetterRouter;
import io.millrace.connectors.kafka.Decoded;
import io.millrace.connectors.kafka.EventTime;
import io.millrace.connectors.kafka.RecordOrigin;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.SampleConfiguration;
import io.millrace.jobs.config.StartFrom;
import io.millrace.operators.alert.AlertCorrelator;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.alert.AlertSource;
import io.millrace.operators.deadletter.DeadLetterWatch;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.operators.features.FeatureSamples;
import io.millrace.operators.features.SampleLimit;
import io.millrace.operators.inference.InferenceSettings;
import io.millrace.operators.inference.KeyedInference;
import io.millrace.operators.inference.KeyedInferenceOperatorFactory;
import io.millrace.operators.inference.ModelLoader;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RecordMapping;
import io.millrace.operators.source.Origin;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.Alert;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The graph of a stage's job: where it reads from Kafka and writes to it as its configuration says, and what all stages
 * do in the same way. What is given up anywhere in it goes to the stage's topic of dead letters.
 */
public final class StageGraph {

    private static final TypeInformation<DeadLetter> DEAD_LETTER = TypeInformation.of(DeadLetter.class);

    private final StreamExecutionEnvironment environment;
    private final JobConfiguration job;
    private final RegistryConfig registry;
    private final String stage;
    private final Map<String, String> topics;
    private final List<DataStream<DeadLetter>> letters = new ArrayList<>();

    /**
     * An empty graph.
     *
     * @param stage name of the stage in dead letters
     * @param topics names of topics by their roles, where they are others than usual
     */
    StageGraph(StreamExecutionEnvironment environment, JobConfiguration job, String stage, Map<String, String> topics) {
        this.environment = environment;
        this.job = job;
        this.registry = job.registryConfig();
        this.stage = stage;
        this.topics = topics;
    }

    private String nameOf(Topic<?> topic) {
        return topics.getOrDefault(topic.role(), topic.name());
    }

    /**
     * Reads a topic whose event time does not matter to the order of its records: there are no watermarks.
     *
     * @param topic one with event time
     * @param maxAhead how far a record may be dated ahead of the clock; one that is dated farther is a dead letter
     */
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> readUnordered(
            Topic<T> topic, StartFrom start, Duration maxAhead) {
        return traced(
                topic,
                source(topic, from(start)).optEventTime(new EventTime<>(topic.times(), maxAhead)),
                WatermarkStrategy.<Decoded<T>>noWatermarks()
                        .withTimestampAssigner(AvroKafkaSource.eventTimes(topic.times())));
    }

    /**
     * Reads a topic in event time. What cannot be decoded, or bears a time that cannot be believed, is a dead letter.
     *
     * @param topic one with event time
     * @param maxAhead how far a record may be dated ahead of the clock; one that is dated farther is a dead letter
     * @param disorder how far records may be out of order
     * @param idleAfter wall-clock silence after which a partition that has nothing left to read holds nothing back
     */
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
        SingleOutputStreamOperator<Traced<T>> records = environment
                .fromSource(source.build(), eventTime, "Read " + topic.records() + " from Kafka")
                .uid("read-" + id(topic))
                .process(DeadLetterRouter.of(Traced.of(topic.valueType()), StageGraph::withOrigin))
                .name("Set aside what is no " + singular(topic.records()))
                .uid("route-" + id(topic));
        deadLetters(records, DeadLetterRouter.DEAD_LETTERS);
        return records;
    }

    private static <T extends SpecificRecordBase> Traced<T> withOrigin(T record, RecordOrigin origin) {
        return new Traced<>(
                record, new Origin(origin.topic(), origin.partition(), origin.offset(), origin.timestamp()));
    }

    /**
     * Reads model releases: all that the compacted topic holds, for of each model the newest stands, whenever it came.
     * Where the job goes on from a savepoint, those that are new to it.
     */
    private SingleOutputStreamOperator<ModelRelease> releases() {
        SingleOutputStreamOperator<ModelRelease> releases = environment
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
        deadLetters(releases, DeadLetterRouter.DEAD_LETTERS);
        return releases;
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

    /** A tag for records that an operator of the stage gives up; {@code id} is unique in the stage. */
    public static OutputTag<DeadLetter> letterTag(String id) {
        return new OutputTag<>(id, DEAD_LETTER);
    }

    /** Sends what an operator gives up to the stage's topic of dead letters. */
    public void deadLetters(SingleOutputStreamOperator<?> operator, OutputTag<DeadLetter> tag) {
        letters.add(operator.getSideOutput(tag));
    }

    /** Writes records to a topic, with the delivery that the configuration asks for. */
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

    /**
     * A network of the stage: batches across keys, a state for each key.
     *
     * @param settings batching and state
     * @param model the model that the configuration names
     * @param loader loads versions of it
     * @param mapping record to model input, model output to result
     */
    public record Network<IN, I, O, OUT>(
            InferenceSettings settings,
            ModelReference model,
            ModelLoader<I, O> loader,
            RecordMapping<IN, I, O, OUT> mapping) {}

    /**
     * Runs a network over records, and obeys the releases of its models. Records that it cannot answer are dead letters.
     *
     * @param title what the operator does, as a person reads it on the dashboard
     * @param uid identifier of its state, never to be changed
     * @param network what runs
     * @param in type of the records
     * @param out type of the results
     */
    public <K, IN, I, O, OUT> SingleOutputStreamOperator<OUT> infer(
            String title,
            String uid,
            KeyedStream<IN, K> records,
            Network<IN, I, O, OUT> network,
            TypeInformation<IN> in,
            TypeInformation<OUT> out) {
        OutputTag<DeadLetter> unanswerable = letterTag("unanswerable-" + uid);
        SingleOutputStreamOperator<OUT> results = KeyedInference.connect(
                title,
                records,
                releases(),
                new KeyedInferenceOperatorFactory<>(
                        network.settings(),
                        network.model(),
                        network.loader(),
                        network.mapping(),
                        unanswerable,
                        in.createSerializer(new SerializerConfigImpl())),
                out);
        deadLetters(results, unanswerable);
        return results.uid(uid);
    }

    /**
     * Folds what results give notice of into alerts, and writes these.
     *
     * @param title what the operator does, as a person reads it on the dashboard
     * @param operator see {@link EventTimeOperator} for what it promises
     */
    public <T> void writeAlerts(
            String title, DataStream<T> results, AlertSource<T> source, AlertPolicy policy, AlertTime<T> operator) {
        SingleOutputStreamOperator<Alert> alerts = results.keyBy(source::entity, Types.STRING)
                .transform(
                        title, TypeInformation.of(Alert.class), operator.around(new AlertCorrelator<>(policy, source)))
                .uid("correlate");
        write(alerts, CommonTopics.alerts(stage));
    }

    /** How event time is kept for alerts. */
    @FunctionalInterface
    public interface AlertTime<T> {
        EventTimeOperator<String, T, Alert> around(AlertCorrelator<T> correlator);
    }

    /** Writes the samples that an operator gives in {@link FeatureSamples#OUTPUT}, keyed as its results are. */
    public void writeSamples(SingleOutputStreamOperator<?> operator, SampleConfiguration samples) {
        SingleOutputStreamOperator<FeatureSample> limited = DataStreamUtils.reinterpretAsKeyedStream(
                        operator.getSideOutput(FeatureSamples.OUTPUT), FeatureSample::getKey, Types.STRING)
                .process(new SampleLimit(samples.perMinute()))
                .returns(FeatureSamples.TYPE)
                .name("Limit samples")
                .uid("limit-samples");
        write(limited, CommonTopics.features(stage));
    }

    /** Writes the dead letters of all that was built. */
    void finish() {
        letters.stream()
                .reduce(DataStream::union)
                .ifPresent(all -> write(DeadLetterWatch.over(all, stage), CommonTopics.deadLetters(stage)));
    }
}
