package io.millrace.connectors.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;

import io.millrace.connectors.kafka.internal.AnnouncedSource;
import io.millrace.connectors.kafka.internal.AvroRecordDeserializer;
import io.millrace.connectors.kafka.internal.LagReporter;
import io.millrace.connectors.kafka.internal.PartitionWatermarks;
import io.millrace.connectors.kafka.internal.SchemaPrefetcher;
import io.millrace.connectors.kafka.internal.SourceLag;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.schemas.RecordLimits;
import io.millrace.schemas.TimeExtractor;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.eventtime.SerializableTimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.metrics.JmxReporter;

/**
 * Flink's Kafka source over Avro and the schema registry. What cannot be decoded becomes a dead letter in the
 * {@link Decoded} it gives; {@link DeadLetterRouter} parts the two. Reads committed records only.
 */
public final class AvroKafkaSource {
    private AvroKafkaSource() {}

    /** Where a group without committed offsets begins; one with committed offsets goes on from them. */
    public enum Start {
        /** At committed offsets, else at the earliest record. */
        COMMITTED_OR_EARLIEST,
        /** At committed offsets, else after the latest record. */
        COMMITTED_OR_LATEST,
        /** At the earliest record, whatever was committed. */
        EARLIEST,
        /** After the latest record, whatever was committed. */
        LATEST
    }

    /** Begins a source of records of this type. */
    public static <T extends SpecificRecord> Builder<T> builder(Class<T> type) {
        return new Builder<>(type);
    }

    /**
     * Event times for a watermark strategy placed on the source, where Flink tells partitions apart. A dead letter
     * has none and moves no watermark.
     */
    public static <T extends SpecificRecord> SerializableTimestampAssigner<Decoded<T>> eventTimes(
            TimeExtractor<T> times) {
        return (decoded, ignored) -> decoded.isValue() ? times.timeOf(decoded.value()) : TimestampAssigner.NO_TIMESTAMP;
    }

    /**
     * Settings of a source: {@code set} is needed, {@code opt} may be left out.
     *
     * @param <T> type of the values
     */
    public static final class Builder<T extends SpecificRecord> {
        private final Class<T> type;
        private final Properties properties = new Properties();
        private String bootstrap;
        private List<String> topics = List.of();
        private String group;
        private RegistryConfig registry;
        private String stage = "unknown";
        private RecordLimits limits = RecordLimits.USUAL;
        private Start start = Start.COMMITTED_OR_EARLIEST;
        private boolean bounded;
        private EventTime<T> eventTime;
        private Clock clock = Clock.systemUTC();
        private final String source = UUID.randomUUID().toString();

        private Builder(Class<T> type) {
            this.type = Objects.requireNonNull(type, "type");
            properties.setProperty("partition.discovery.interval.ms", "60000");
            properties.setProperty("source.reader.close.timeout", "5000");
        }

        /** Brokers to ask first, {@code host:port} separated by commas. */
        public Builder<T> setBootstrap(String servers) {
            bootstrap = servers;
            return this;
        }

        /** Topics to read; they must be there. */
        public Builder<T> setTopics(String... names) {
            topics = List.of(names);
            return this;
        }

        /** Consumer group, under which offsets are committed at checkpoints. */
        public Builder<T> setGroup(String name) {
            group = name;
            return this;
        }

        /** The schema registry. */
        public Builder<T> setRegistry(RegistryConfig config) {
            registry = config;
            return this;
        }

        /** Stage named in dead letters. */
        public Builder<T> setStage(String name) {
            stage = name;
            return this;
        }

        /** What a record may be at most; one that is larger becomes a dead letter. {@link RecordLimits#USUAL} by default. */
        public Builder<T> optLimits(RecordLimits most) {
            limits = most;
            return this;
        }

        /** Where to begin; by default at committed offsets, else at the earliest record. */
        public Builder<T> optStart(Start position) {
            start = position;
            return this;
        }

        /** Ends at the records that are there when the job starts. */
        public Builder<T> optBounded() {
            bounded = true;
            return this;
        }

        /** How often new partitions are looked for; a minute by default. */
        public Builder<T> optPartitionDiscovery(Duration interval) {
            properties.setProperty("partition.discovery.interval.ms", Long.toString(interval.toMillis()));
            return this;
        }

        /** When records happened; those whose time cannot be believed become dead letters. */
        public Builder<T> optEventTime(EventTime<T> time) {
            eventTime = time;
            return this;
        }

        /** The wall clock, which must be serializable; the system's by default. */
        public Builder<T> optClock(Clock wall) {
            clock = wall;
            return this;
        }

        /** Further settings of the consumer, such as {@code security.protocol}, {@code sasl.*} and {@code ssl.*}. */
        public Builder<T> optProperties(Map<String, String> settings) {
            properties.putAll(settings);
            return this;
        }

        /**
         * The source.
         *
         * @throws IllegalStateException if a needed setting is missing
         */
        public Source<Decoded<T>, ?, ?> build() {
            Required.settings("bootstrap", bootstrap, "group", group, "registry", registry);
            if (topics.isEmpty()) {
                throw new IllegalStateException("topics is not set");
            }
            Properties all = new Properties();
            all.putAll(properties);
            all.putAll(registry.toClientProperties());
            all.setProperty(SchemaPrefetcher.SOURCE, source);
            all.setProperty(LagReporter.TOPICS, String.join(",", topics));
            all.putIfAbsent("metric.reporters", JmxReporter.class.getName());
            all.merge("metric.reporters", LagReporter.class.getName(), (given, ours) -> given + "," + ours);
            all.merge("interceptor.classes", SchemaPrefetcher.class.getName(), (given, ours) -> ours + "," + given);
            all.setProperty("isolation.level", "read_committed");
            KafkaSourceBuilder<Decoded<T>> builder = KafkaSource.<Decoded<T>>builder()
                    .setBootstrapServers(bootstrap)
                    .setTopics(topics)
                    .setGroupId(group)
                    .setStartingOffsets(offsets())
                    .setDeserializer(
                            new AvroRecordDeserializer<>(type, stage, registry, limits, source, eventTime, clock))
                    .setProperties(all);
            if (bounded) {
                builder.setBounded(OffsetsInitializer.latest());
            }
            return new AnnouncedSource<>(builder.build(), source);
        }

        /**
         * Watermarks of this source, to be placed on it, where Flink tells partitions apart: never ahead of the clock,
         * nor of a partition that has something left to read.
         *
         * @param disorder how far records may be out of order
         * @param idleAfter wall-clock time after which a partition that is silent, and has nothing left to read, no
         *     longer holds the others back
         * @throws IllegalStateException if the source was not told when records happened
         */
        public WatermarkStrategy<Decoded<T>> watermarks(Duration disorder, Duration idleAfter) {
            Required.settings("event time", eventTime);
            String name = source;
            Clock wall = clock;
            return WatermarkStrategy.<Decoded<T>>forGenerator(context -> new PartitionWatermarks<>(
                            disorder, idleAfter, wall, context.getInputActivityClock(), SourceLag.of(name)))
                    .withTimestampAssigner(eventTimes(eventTime.times()));
        }

        @SuppressWarnings("deprecation") // the connector's own way of saying what to do without committed offsets
        private OffsetsInitializer offsets() {
            return switch (start) {
                case COMMITTED_OR_EARLIEST -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
                case COMMITTED_OR_LATEST -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.LATEST);
                case EARLIEST -> OffsetsInitializer.earliest();
                case LATEST -> OffsetsInitializer.latest();
            };
        }
    }
}
