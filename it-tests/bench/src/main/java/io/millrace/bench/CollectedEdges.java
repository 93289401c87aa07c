package io.millrace.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.millrace.jobs.config.StartFrom;
import io.millrace.jobs.stage.StageEdges;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** Edges of a job without Kafka: one stream of records in, and what is asked of the results out. */
final class CollectedEdges implements StageEdges {

    private final SingleOutputStreamOperator<?> records;
    private final Map<String, DataStream<?>> written = new ConcurrentHashMap<>();

    /** Edges over records with event times and watermarks: those of the one topic that the job reads. */
    CollectedEdges(SingleOutputStreamOperator<?> records) {
        this.records = records;
    }

    @Override
    @SuppressWarnings("unchecked") // the caller gives the records of the topic
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> read(
            Topic<T> topic, StartFrom start, Duration maxAhead, Duration disorder, Duration idleAfter) {
        return (SingleOutputStreamOperator<Traced<T>>) records;
    }

    @Override
    public <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> readUnordered(
            Topic<T> topic, StartFrom start, Duration maxAhead) {
        return read(topic, start, maxAhead, Duration.ZERO, Duration.ZERO);
    }

    /** None. */
    @Override
    public SingleOutputStreamOperator<ModelRelease> releases() {
        return records.getExecutionEnvironment()
                .fromSequence(1, 1)
                .<ModelRelease>flatMap((number, out) -> {})
                .returns(TypeInformation.of(ModelRelease.class));
    }

    @Override
    public <T extends SpecificRecord> void write(DataStream<T> results, Topic<T> topic) {
        written.put(topic.role(), results);
        results.sinkTo(new DiscardingSink<>());
    }

    /** What the job writes to a topic. */
    @SuppressWarnings("unchecked") // as it was written
    <T extends SpecificRecord> DataStream<T> of(Topic<T> topic) {
        return (DataStream<T>) written.get(topic.role());
    }
}
