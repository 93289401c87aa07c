package io.millrace.jobs.stage;

import java.time.Duration;

import io.millrace.jobs.config.StartFrom;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.ModelRelease;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apiguardian.api.API;

/**
 * Where the records of a stage's job come from and go to: Kafka, or anything else that gives and takes records of its
 * topics. What cannot be read is in the side output {@link io.millrace.connectors.kafka.DeadLetterRouter#DEAD_LETTERS}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface StageEdges {

    /**
     * Records in event time.
     *
     * @param topic one with event time
     * @param maxAhead how far a record may be dated ahead of the clock; one that is dated farther is a dead letter
     * @param disorder how far records may be out of order
     * @param idleAfter wall-clock silence after which a partition that has nothing left to read holds nothing back
     */
    <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> read(
            Topic<T> topic, StartFrom start, Duration maxAhead, Duration disorder, Duration idleAfter);

    /**
     * Records whose event time does not matter to their order: there are no watermarks.
     *
     * @param topic one with event time
     * @param maxAhead how far a record may be dated ahead of the clock; one that is dated farther is a dead letter
     */
    <T extends SpecificRecordBase> SingleOutputStreamOperator<Traced<T>> readUnordered(
            Topic<T> topic, StartFrom start, Duration maxAhead);

    /** Orders to change models. */
    SingleOutputStreamOperator<ModelRelease> releases();

    /** Takes records of a topic. */
    <T extends SpecificRecord> void write(DataStream<T> records, Topic<T> topic);
}
