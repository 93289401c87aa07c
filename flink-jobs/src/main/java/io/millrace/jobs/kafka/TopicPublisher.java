package io.millrace.jobs.kafka;

import java.time.Duration;
import java.util.List;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes records to a topic from outside a job.
 *
 * @param <T> record
 */
public final class TopicPublisher<T extends SpecificRecord> implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final AvroPublisher<T> publisher;

    private TopicPublisher(AvroPublisher<T> publisher) {
        this.publisher = publisher;
    }

    /**
     * Connects.
     *
     * @param topic the topic, which is made if it is not there
     * @param other name of another topic of the same kind, which must be there; null for the usual one
     * @param connection brokers and registry
     */
    public static <T extends SpecificRecord> TopicPublisher<T> open(
            Topic<T> topic, String other, Connection connection) {
        connection.checked();
        if (other == null) {
            try (TopicAdmin admin = new TopicAdmin(connection.bootstrap(), LIMIT, connection.properties())) {
                admin.ensure(List.of(topic));
            }
        }
        return new TopicPublisher<>(connection.publisher(other == null ? topic : topic.withName(other)));
    }

    /** Sends a record; returns before it is delivered. */
    public void accept(T record) {
        publisher.publish(record);
    }

    /** Sends a record as {@link #accept} does, but leaves it out if it is too large for the topic. */
    public void acceptOrSkip(T record) {
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
