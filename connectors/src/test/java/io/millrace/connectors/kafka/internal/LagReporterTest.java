package io.millrace.connectors.kafka.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LagReporterTest {

    private static final TopicPartition FIRST = new TopicPartition("a.flows", 0);
    private static final TopicPartition SECOND = new TopicPartition("a.flows", 1);

    private final String source = UUID.randomUUID().toString();
    private final SourceLag lag = SourceLag.of(source);

    /** The metrics of a consumer, as Kafka gives them. */
    private final class Consumer implements AutoCloseable {
        private final Metrics metrics = new Metrics();
        private final LagReporter reporter = new LagReporter();
        private final Map<String, Double> values = new HashMap<>();

        Consumer() {
            reporter.configure(Map.of(SchemaPrefetcher.SOURCE, source, LagReporter.TOPICS, "a.flows"));
            metrics.addReporter(reporter);
            set("last-poll-seconds-ago", Map.of(), 0);
        }

        Consumer assigned(TopicPartition partition) {
            return set("preferred-read-replica", tags(partition), -1);
        }

        Consumer answered(TopicPartition partition, double lag) {
            return set("records-lag", tags(partition), lag);
        }

        Consumer polled(double secondsAgo) {
            return set("last-poll-seconds-ago", Map.of(), secondsAgo);
        }

        private Map<String, String> tags(TopicPartition partition) {
            return Map.of("topic", partition.topic(), "partition", Integer.toString(partition.partition()));
        }

        private Consumer set(String name, Map<String, String> tags, double value) {
            MetricName metric = metrics.metricName(name, "consumer", "", tags);
            values.put(metric.toString(), value);
            if (metrics.metric(metric) == null) {
                metrics.addMetric(metric, (Gauge<Double>) (config, now) -> values.get(metric.toString()));
            }
            return this;
        }

        @Override
        public void close() {
            metrics.close();
        }
    }

    @Test
    void aPartitionIsBehindUntilTheBrokerHasSaidThatNothingIsLeft() {
        assertThat(lag.isUnheardBehind()).as("no partition").isFalse();
        try (Consumer consumer = new Consumer()) {
            consumer.assigned(FIRST).assigned(SECOND);
            assertThat(lag.isUnheardBehind()).isTrue();
            assertThat(lag.isBehind(FIRST)).isTrue();
            consumer.answered(FIRST, 0);
            assertThat(lag.isBehind(FIRST)).isFalse();
            assertThat(lag.isUnheardBehind()).as("the second has not answered").isTrue();
            consumer.answered(SECOND, 20_000);
            assertThat(lag.isUnheardBehind()).isTrue();
            lag.heard(SECOND);
            assertThat(lag.isUnheardBehind()).as("it is asked for by name now").isFalse();
            assertThat(lag.isBehind(SECOND)).isTrue();
            consumer.answered(SECOND, 0);
            assertThat(lag.isBehind(SECOND)).isFalse();
        }
        assertThat(lag.isBehind(SECOND)).as("nobody reads it").isTrue();
    }

    @Test
    void aConsumerThatIsHeldByWhatItHasFetchedMayBeBehind() {
        try (Consumer consumer = new Consumer()) {
            consumer.assigned(FIRST).answered(FIRST, 0).polled(16);
            assertThat(lag.isBehind(FIRST)).isTrue();
            assertThat(lag.isUnheardBehind()).isTrue();
            consumer.polled(10);
            assertThat(lag.isBehind(FIRST)).isFalse();
            consumer.polled(-1);
            assertThat(lag.isBehind(FIRST)).as("has never polled").isTrue();
        }
    }

    @Test
    void whatWasHeardBeforeARestartHasNotBeenHeardAfterIt() {
        try (Consumer before = new Consumer()) {
            before.assigned(FIRST).answered(FIRST, 0);
            lag.heard(FIRST);
        }
        try (Consumer after = new Consumer()) {
            after.assigned(FIRST).answered(FIRST, 9);
            assertThat(lag.isUnheardBehind()).isTrue();
        }
    }

    @Test
    void theOldNameOfATopicIsNoOtherTopic() {
        try (Consumer consumer = new Consumer()) {
            consumer.assigned(FIRST).answered(FIRST, 5);
            consumer.assigned(new TopicPartition("a_flows", 0)).answered(new TopicPartition("a_flows", 0), 5);
            lag.heard(FIRST);
            assertThat(lag.isUnheardBehind()).isFalse();
        }
    }

    @Test
    void aClientThatIsNoConsumerHoldsNobodyBack() {
        LagReporter client = new LagReporter();
        client.configure(Map.of(SchemaPrefetcher.SOURCE, source, LagReporter.TOPICS, "a.flows"));
        assertThat(lag.isUnheardBehind()).isFalse();
    }
}
