package io.millrace.connectors.kafka.internal;

import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;

import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.connectors.kafka.TopicTerms;
import io.millrace.connectors.registry.RegistryConfig;

/**
 * Where a sink writes, and to whom it tells what it cannot write.
 *
 * @param bootstrap brokers
 * @param topic topic
 * @param registry schema registry
 * @param client settings of Kafka's clients, for logging in
 * @param producer settings of the producer
 * @param stage stage named in dead letters
 * @param deadLetters topic of dead letters, or null for none
 */
public record SinkSettings(
        String bootstrap,
        String topic,
        RegistryConfig registry,
        HashMap<String, String> client,
        HashMap<String, String> producer,
        String stage,
        String deadLetters)
        implements Serializable {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** Where it writes; settings may hold secrets. */
    @Override
    public String toString() {
        return topic + " at " + bootstrap;
    }

    /** Asks the brokers what a topic takes. */
    TopicTerms terms(String name) {
        try (TopicAdmin admin = new TopicAdmin(bootstrap, LIMIT, client)) {
            return admin.terms(name).sentWith(producer);
        }
    }
}
