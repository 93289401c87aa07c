package io.millrace.connectors.kafka.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Flink's Kafka sink with a {@link CalmClose}. All that a close could tell is told before: records that were not
 * delivered fail the flush of the checkpoint or of the end, and what is newer than the last checkpoint is written again.
 *
 * <p>A restored job is told which of its transactions were lost, by {@link SettledTransactions}.
 *
 * <p>State and committables are those of Flink's sink, whose types are not public: here they are plain objects.
 */
public final class CalmKafkaSink<T>
        implements Sink<T>,
                SupportsWriterState<T, Object>,
                SupportsCommitter<Object>,
                SupportsPostCommitTopology<Object> {
    /** Long enough for brokers that answer; all sinks of a task together stay below Flink's cancellation time-out. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final KafkaSink<T> sink;
    private final SinkSettings settings;

    public CalmKafkaSink(KafkaSink<T> sink, SinkSettings settings) {
        this.sink = sink;
        this.settings = settings;
    }

    /** Flink's writer, which is all of these at once. */
    private static final class Writer<T> implements StatefulSinkWriter<T, Object>, CommittingSinkWriter<T, Object> {
        private final StatefulSinkWriter<T, Object> stateful;
        private final CommittingSinkWriter<T, Object> committing;
        private final String topic;

        Writer(Object writer, String topic) {
            stateful = cast(writer);
            committing = cast(writer);
            this.topic = topic;
        }

        @Override
        public void write(T element, Context context) throws IOException, InterruptedException {
            stateful.write(element, context);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            stateful.flush(endOfInput);
        }

        @Override
        public List<Object> snapshotState(long checkpointId) throws IOException {
            return stateful.snapshotState(checkpointId);
        }

        @Override
        public Collection<Object> prepareCommit() throws IOException, InterruptedException {
            return committing.prepareCommit();
        }

        @Override
        public void close() {
            CalmClose.close("the writer of " + topic, stateful, CLOSE_LIMIT);
        }
    }

    /** Flink's committer. */
    private record Committing(Committer<Object> committer, String topic, SettledTransactions settled)
            implements Committer<Object> {
        @Override
        public void commit(Collection<CommitRequest<Object>> requests) throws IOException, InterruptedException {
            committer.commit(settled.watched(requests));
        }

        @Override
        public void close() {
            CalmClose.close("the committer of " + topic, committer, CLOSE_LIMIT);
        }
    }

    @SuppressWarnings("unchecked") // types of Flink's sink that are not public
    private static <R> R cast(Object object) {
        return (R) object;
    }

    @Override
    public StatefulSinkWriter<T, Object> createWriter(WriterInitContext context) throws IOException {
        return new Writer<>(sink.createWriter(context), settings.topic());
    }

    @Override
    public StatefulSinkWriter<T, Object> restoreWriter(WriterInitContext context, Collection<Object> states)
            throws IOException {
        SupportsWriterState<T, Object> restoring = cast(sink);
        return new Writer<>(restoring.restoreWriter(context, states), settings.topic());
    }

    @Override
    public SimpleVersionedSerializer<Object> getWriterStateSerializer() {
        return cast(sink.getWriterStateSerializer());
    }

    @Override
    public Committer<Object> createCommitter(CommitterInitContext context) {
        Map<String, Object> client = new HashMap<>(settings.client());
        client.put("bootstrap.servers", settings.bootstrap());
        return new Committing(
                cast(sink.createCommitter(context)),
                settings.topic(),
                new SettledTransactions(settings.topic(), SettledTransactions.at(client)));
    }

    @Override
    public SimpleVersionedSerializer<Object> getCommittableSerializer() {
        return cast(sink.getCommittableSerializer());
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<Object>> committables) {
        sink.addPostCommitTopology(cast(committables));
    }
}
