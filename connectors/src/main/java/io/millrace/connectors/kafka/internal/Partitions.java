package io.millrace.connectors.kafka.internal;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;

/** Asks for the partitions of a topic, and says which brokers do not answer. */
public final class Partitions {

    private Partitions() {}

    /**
     * Partitions of a topic; none if there is no such topic.
     *
     * @param bootstrap where the consumer asks, for the message
     * @throws TimeoutException if no broker answers within the limit
     */
    public static List<PartitionInfo> of(Consumer<?, ?> consumer, String topic, String bootstrap, Duration limit) {
        try {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic, limit);
            return partitions == null ? List.of() : partitions;
        } catch (TimeoutException away) {
            throw new TimeoutException(
                    "No Kafka broker answered at " + bootstrap + " within " + limit.toSeconds()
                            + " s while looking for topic " + topic,
                    away);
        }
    }
}
