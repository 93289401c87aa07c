package io.millrace.connectors.kafka.internal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/**
 * Watches a consumer's own metrics of its partitions: how many records lie beyond what it has given out. A partition has
 * no lag until the broker has answered for it. Made by Kafka, by name; read by other threads.
 */
public final class LagReporter implements MetricsReporter {

    /** Client property: the topics of the source, separated by commas. */
    public static final String TOPICS = "millrace.source.topics";

    /** A fetch waits 10 s for records at most; one that has not begun for longer waits for something else. */
    private static final double LONGEST_POLL_SECONDS = 15;

    private static final String LAG = "records-lag";
    private static final String POLL = "last-poll-seconds-ago";

    private final Map<TopicPartition, KafkaMetric> lags = new ConcurrentHashMap<>();

    private volatile KafkaMetric poll;
    private Set<String> topics = Set.of();
    private SourceLag source;

    @Override
    public void configure(Map<String, ?> properties) {
        topics = Set.of(String.valueOf(properties.get(TOPICS)).split(","));
        source = SourceLag.of(String.valueOf(properties.get(SchemaPrefetcher.SOURCE)));
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        switch (metric.metricName().name()) {
            case LAG -> {
                TopicPartition partition = partition(metric);
                if (partition != null) {
                    lags.put(partition, metric);
                }
            }
            case POLL -> {
                poll = metric;
                // Not before: the source has clients that are no consumers, under the same properties.
                source.enter(this);
            }
            default -> {}
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        if (metric.metricName().name().equals(LAG)) {
            lags.remove(partitionOrNone(metric), metric);
        }
    }

    private TopicPartition partitionOrNone(KafkaMetric metric) {
        TopicPartition partition = partition(metric);
        return partition == null ? new TopicPartition("", -1) : partition;
    }

    /** Kafka gives some metrics twice, once with the dots in the topic's name replaced: that one is passed over. */
    private TopicPartition partition(KafkaMetric metric) {
        String topic = metric.metricName().tags().get("topic");
        String partition = metric.metricName().tags().get("partition");
        return topic == null || partition == null || !topics.contains(topic)
                ? null
                : new TopicPartition(topic, Integer.parseInt(partition));
    }

    boolean reads(TopicPartition partition) {
        return lags.containsKey(partition);
    }

    boolean isBehind(TopicPartition partition) {
        KafkaMetric lag = lags.get(partition);
        return lag == null || !isPolling() || number(lag) > 0;
    }

    /** Whether the consumer asks for records, and is not held by what it has fetched. */
    private boolean isPolling() {
        KafkaMetric last = poll;
        if (last == null) {
            return false;
        }
        double seconds = number(last);
        return seconds >= 0 && seconds <= LONGEST_POLL_SECONDS;
    }

    private static double number(KafkaMetric metric) {
        return metric.metricValue() instanceof Number value ? value.doubleValue() : -1;
    }

    @Override
    public void close() {
        if (source != null) {
            source.leave(this);
        }
    }
}
