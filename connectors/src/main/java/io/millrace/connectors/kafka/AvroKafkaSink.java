package io.millrace.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

import io.millrace.connectors.kafka.internal.AvroRecordSerializer;
import io.millrace.connectors.kafka.internal.CalmKafkaSink;
import io.millrace.connectors.kafka.internal.SinkSettings;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.schemas.KeyExtractor;
import io.millrace.schemas.TimeExtractor;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;

/**
 * Flink's Kafka sink over Avro and the schema registry. By default exactly once: one transaction a checkpoint, seen by
 * readers of committed records when the checkpoint is complete. Neither a record that its topic does not take nor brokers
 * that are away stop more than the task: see {@link #builder}'s {@code optDeadLetters}.
 */
public final class AvroKafkaSink {
    /** Longest life of a transaction by default; the broker's usual maximum is 15 minutes. */
    public static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

    private AvroKafkaSink() {}

    /** Begins a sink of records of this type. */
    public static <T extends SpecificRecord> Builder<T> builder(Class<T> type) {
        return new Builder<>(type);
    }

    /**
     * Settings of a sink: {@code set} is needed, {@code opt} may be left out.
     *
     * @param <T> type of the values
     */
    public static final class Builder<T extends SpecificRecord> {
        private final Class<T> type;
        private final Properties properties = new Properties();
        private String bootstrap;
        private String topic;
        private RegistryConfig registry;
        private KeyExtractor<T> keys;
        private TimeExtractor<T> times;
        private DeliveryGuarantee guarantee = DeliveryGuarantee.EXACTLY_ONCE;
        private String transactionPrefix;
        private final HashMap<String, String> client = new HashMap<>();
        private String stage = "unknown";
        private String deadLetters;
        private Duration transactionTimeout = TRANSACTION_TIMEOUT;

        private Builder(Class<T> type) {
            this.type = Objects.requireNonNull(type, "type");
            properties.setProperty("enable.idempotence", "true");
            properties.setProperty("acks", "all");
            properties.setProperty("linger.ms", "5");
        }

        /** Brokers to ask first, {@code host:port} separated by commas. */
        public Builder<T> setBootstrap(String servers) {
            bootstrap = servers;
            return this;
        }

        /** Topic to write. */
        public Builder<T> setTopic(String name) {
            topic = name;
            return this;
        }

        /** The schema registry; it says whether the schema may be registered. */
        public Builder<T> setRegistry(RegistryConfig config) {
            registry = config;
            return this;
        }

        /** How the key is taken out of a value. */
        public Builder<T> setKey(KeyExtractor<T> extractor) {
            keys = extractor;
            return this;
        }

        /** How the timestamp is taken out of a value; by default that of the stream, the event time. */
        public Builder<T> optTime(TimeExtractor<T> extractor) {
            times = extractor;
            return this;
        }

        /** Prefix of transactional ids: needed for exactly once, one for each sink and job on a broker. */
        public Builder<T> setTransactionPrefix(String prefix) {
            transactionPrefix = prefix;
            return this;
        }

        /** Longest life of a transaction: more than a checkpoint interval and the longest outage to sit out. */
        public Builder<T> optTransactionTimeout(Duration timeout) {
            transactionTimeout = timeout;
            return this;
        }

        /** At least once: lower latency, and after a failure the same records may come again. */
        public Builder<T> optAtLeastOnce() {
            guarantee = DeliveryGuarantee.AT_LEAST_ONCE;
            return this;
        }

        /** Further settings of the producer, such as {@code security.protocol}, {@code sasl.*} and {@code ssl.*}. */
        public Builder<T> optProperties(Map<String, String> settings) {
            properties.putAll(settings);
            client.putAll(settings);
            return this;
        }

        /**
         * Where a dead letter goes of each record that the topic does not take; without it such records are dropped,
         * counted and logged.
         *
         * @param stageName stage named in dead letters
         * @param name topic of dead letters
         */
        public Builder<T> optDeadLetters(String stageName, String name) {
            stage = stageName;
            deadLetters = name;
            return this;
        }

        /**
         * The sink.
         *
         * @throws IllegalStateException if a needed setting is missing
         */
        public Sink<T> build() {
            Required.settings("bootstrap", bootstrap, "topic", topic, "registry", registry, "key", keys);
            boolean exactlyOnce = guarantee == DeliveryGuarantee.EXACTLY_ONCE;
            Properties all = new Properties();
            all.putAll(properties);
            if (exactlyOnce) {
                Required.settings("transactionPrefix", transactionPrefix);
                all.putIfAbsent("transaction.timeout.ms", Long.toString(transactionTimeout.toMillis()));
            }
            HashMap<String, String> producer = new HashMap<>();
            all.stringPropertyNames().forEach(name -> producer.put(name, all.getProperty(name)));
            SinkSettings settings = new SinkSettings(bootstrap, topic, registry, client, producer, stage, deadLetters);
            var builder = KafkaSink.<T>builder()
                    .setBootstrapServers(bootstrap)
                    .setKafkaProducerConfig(all)
                    .setDeliveryGuarantee(guarantee)
                    .setRecordSerializer(new AvroRecordSerializer<>(type, settings, keys, times));
            if (exactlyOnce) {
                builder.setTransactionalIdPrefix(transactionPrefix);
            }
            return new CalmKafkaSink<>(builder.build(), settings);
        }
    }
}
