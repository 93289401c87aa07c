package io.millrace.jobs.kafka;

import java.time.Duration;
import java.util.List;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.KeyExtractor;
import io.millrace.connectors.kafka.TimeExtractor;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes records to a topic of the catalogue, which is made if it is not there, or to another of the same kind.
 *
 * @param <T> record
 */
public class TopicSink<T extends SpecificRecord> implements AutoCloseable {

    private final AvroPublisher<T> publisher;

    /**
     * Connects.
     *
     * @param catalogued topic of the catalogue
     * @param topic name of another topic, which must be there; null for the catalogue's
     * @param connection brokers and registry
     */
    protected TopicSink(
            Class<T> type,
            Topic catalogued,
            String topic,
            Connection connection,
            KeyExtractor<T> keys,
            TimeExtractor<T> times) {
        connection.checked();
        if (topic == null) {
            try (TopicAdmin admin =
                    new TopicAdmin(connection.bootstrap(), Duration.ofSeconds(20), connection.properties())) {
                admin.ensure(List.of(catalogued));
            }
        }
        publisher = new AvroPublisher<>(
                type,
                topic == null ? catalogued.name() : topic,
                connection.bootstrap(),
                connection.registry(),
                keys,
                times,
                connection.properties());
    }

    /** Sends a record; returns before it is delivered. */
    public void accept(T record) {
        publisher.publish(record);
    }

    /** Sends a record as {@link #accept} does, but leaves it out if it is too large for the topic. */
    protected final void acceptOrSkip(T record) {
        publisher.publishOrSkip(record);
    }

    /** Waits until every record is delivered. */
    public void flush() {
        publisher.flush();
    }

    /** Records that the broker has. */
    public long delivered() {
        return publisher.delivered();
    }

    /** Waits until every record is delivered, and disconnects. */
    @Override
    public void close() {
        try (publisher) {
            publisher.flush();
        }
    }
}
