package io.millrace.jobs.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.kafka.DeadLetterRouter;
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
import io.millrace.operators.source.Traced;
import io.millrace.schemas.Alert;
import io.millrace.schemas.CommonTopics;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;
import org.apiguardian.api.API;

/**
 * The graph of a stage's job: what it reads and writes, and what all stages do in the same way. What is given up anywhere in it goes to the stage's topic of dead letters.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StageGraph {

    private static final TypeInformation<DeadLetter> DEAD_LETTER = TypeInformation.of(DeadLetter.class);

    private final StageEdges edges;
    private final String stage;
    private final List<DataStream<DeadLetter>> letters = new ArrayList<>();

    /**
     * An empty graph.
     *
     * @param edges where records come from and go to
     * @param stage name of the stage in dead letters
     */
    StageGraph(StageEdges edges, String stage) {
        this.edges = edges;
        this.stage = stage;
    }

    /** Reads a topic in event time; see {@link StageEdges#read}. What cannot be read is a dead letter. */
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> read(
            Topic<T> topic, StartFrom start, Duration maxAhead, Duration disorder, Duration idleAfter) {
        return withLetters(edges.read(topic, start, maxAhead, disorder, idleAfter));
    }

    /** Reads a topic without watermarks; see {@link StageEdges#readUnordered}. What cannot be read is a dead letter. */
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> readUnordered(
            Topic<T> topic, StartFrom start, Duration maxAhead) {
        return withLetters(edges.readUnordered(topic, start, maxAhead));
    }

    private <T> SingleOutputStreamOperator<T> withLetters(SingleOutputStreamOperator<T> read) {
        deadLetters(read, DeadLetterRouter.DEAD_LETTERS);
        return read;
    }

    /** A tag for records that an operator of the stage gives up; {@code id} is unique in the stage. */
    public static OutputTag<DeadLetter> letterTag(String id) {
        return new OutputTag<>(id, DEAD_LETTER);
    }

    /** Sends what an operator gives up to the stage's topic of dead letters. */
    public void deadLetters(SingleOutputStreamOperator<?> operator, OutputTag<DeadLetter> tag) {
        letters.add(operator.getSideOutput(tag));
    }

    /** Writes records to a topic. */
    public <T extends SpecificRecord> void write(DataStream<T> records, Topic<T> topic) {
        edges.write(records, topic);
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
                withLetters(edges.releases()),
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
