package io.millrace.connectors.kafka.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
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
        SourceLag.Partitions reader = lag.reader();
        assertThat(lag.isUnheardBehind()).as("a reader without partitions").isFalse();
        reader.add(FIRST);
        reader.add(SECOND);
        assertThat(lag.isUnheardBehind())
                .as("no consumer has asked for them yet")
                .isTrue();
        try (Consumer consumer = new Consumer()) {
            assertThat(lag.isUnheardBehind()).isTrue();
            assertThat(lag.isBehind(FIRST, -1)).isTrue();
            consumer.answered(FIRST, 0);
            assertThat(lag.isBehind(FIRST, -1)).isFalse();
            assertThat(lag.isUnheardBehind()).as("the second has not answered").isTrue();
            consumer.answered(SECOND, 20_000);
            assertThat(lag.isUnheardBehind()).isTrue();
            lag.heard(SECOND);
            assertThat(lag.isUnheardBehind()).as("it is asked for by name now").isFalse();
            assertThat(lag.isBehind(SECOND, 7)).isTrue();
            consumer.answered(SECOND, 0);
            assertThat(lag.isBehind(SECOND, 7)).isFalse();
        }
        assertThat(lag.isBehind(SECOND, 7)).as("nobody reads it").isTrue();
        reader.leave();
        assertThat(lag.isUnheardBehind()).isFalse();
    }

    @Test
    void recordsThatAConsumerHasGivenOutAreBehindUntilTheyArePassedOn() {
        SourceLag.Partitions reader = lag.reader();
        reader.add(FIRST);
        reader.add(SECOND);
        try (Consumer consumer = new Consumer()) {
            consumer.answered(FIRST, 0).answered(SECOND, 0);
            assertThat(lag.isUnheardBehind()).isFalse();
            lag.givesOut(records(FIRST, 3, 4));
            assertThat(lag.isUnheardBehind())
                    .as("none of the first was passed on")
                    .isTrue();
            lag.heard(FIRST);
            assertThat(lag.isUnheardBehind()).isFalse();
            assertThat(lag.isBehind(FIRST, 3)).isTrue();
            assertThat(lag.isBehind(FIRST, 4)).isFalse();
            assertThat(lag.isBehind(SECOND, -1)).isFalse();
        }
    }

    private static ConsumerRecords<byte[], byte[]> records(TopicPartition partition, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long offset : offsets) {
            records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null));
        }
        return new ConsumerRecords<>(Map.of(partition, records), Map.of());
    }

    @Test
    void aConsumerThatIsHeldByWhatItHasFetchedMayBeBehind() {
        SourceLag.Partitions reader = lag.reader();
        reader.add(FIRST);
        try (Consumer consumer = new Consumer()) {
            consumer.answered(FIRST, 0).polled(16);
            assertThat(lag.isBehind(FIRST, -1)).isTrue();
            assertThat(lag.isUnheardBehind()).isTrue();
            consumer.polled(10);
            assertThat(lag.isBehind(FIRST, -1)).isFalse();
            consumer.polled(-1);
            assertThat(lag.isBehind(FIRST, -1)).as("has never polled").isTrue();
        }
    }

    @Test
    void whatWasHeardAndGivenOutBeforeARestartIsNotAfterIt() {
        SourceLag.Partitions first = lag.reader();
        first.add(FIRST);
        try (Consumer before = new Consumer()) {
            before.answered(FIRST, 0);
            lag.givesOut(records(FIRST, 5));
            lag.heard(FIRST);
        }
        first.leave();
        lag.reader().add(FIRST);
        try (Consumer after = new Consumer()) {
            after.answered(FIRST, 9);
            assertThat(lag.isUnheardBehind()).isTrue();
            after.answered(FIRST, 0);
            assertThat(lag.isUnheardBehind()).isFalse();
        }
    }

    @Test
    void theOldNameOfATopicIsNoOtherTopic() {
        lag.reader().add(FIRST);
        try (Consumer consumer = new Consumer()) {
            consumer.answered(FIRST, 0).answered(new TopicPartition("a_flows", 0), 5);
            assertThat(lag.isUnheardBehind()).isFalse();
        }
    }
}
