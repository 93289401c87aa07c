package io.millrace.jobs.kafka;

import java.util.Map;

import io.millrace.connectors.kafka.AvroPublisher;
import io.millrace.connectors.kafka.AvroTopicReader;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;

/**
 * Brokers and schema registry, and how to log in to them.
 *
 * @param bootstrap brokers to ask first, {@code host:port} separated by commas
 * @param properties further settings of Kafka's clients, such as security.protocol, sasl.* and ssl.*
 * @param registry schema registry
 */
public record Connection(String bootstrap, Map<String, String> properties, RegistryConfig registry) {
    public Connection {
        properties = Map.copyOf(properties);
    }

    /** One without logging in. */
    public static Connection to(String bootstrap, RegistryConfig registry) {
        return new Connection(bootstrap, Map.of(), registry);
    }

    /**
     * The same, once the registry has answered.
     *
     * @throws io.millrace.connectors.registry.RegistryException if it does not answer or accepts no such credentials
     */
    public Connection checked() {
        SchemaRegistry.shared(registry).check();
        return this;
    }

    /** A publisher to a topic, which must be there. */
    public <T extends SpecificRecord> AvroPublisher<T> publisher(Topic<T> topic) {
        return new AvroPublisher<>(topic, bootstrap, registry, properties);
    }

    /** A reader of a topic's committed records. */
    public <T extends SpecificRecord> AvroTopicReader<T> reader(Topic<T> topic, AvroTopicReader.From from) {
        return new AvroTopicReader<>(topic.valueType(), topic.name(), bootstrap, registry, from, properties);
    }

    /** The addresses; settings may hold secrets. */
    @Override
    public String toString() {
        return bootstrap + " and " + registry;
    }
}
