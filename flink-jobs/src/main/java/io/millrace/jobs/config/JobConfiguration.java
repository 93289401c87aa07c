package io.millrace.jobs.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.schemas.RecordLimits;

/**
 * Configuration of a streaming job: where it reads and writes, how Flink runs it, and the settings of its stage.
 *
 * @param name name of the job on the dashboard; also the prefix of its consumer group and transactions; the stage's where
 *     none is given
 * @param kafka brokers
 * @param registry schema registry
 * @param flink how Flink runs the job
 * @param delivery what a failure may do to the output
 * @param stages settings of stages by their names; a stage that is not among them has its defaults
 */
public record JobConfiguration(
        String name,
        Kafka kafka,
        Registry registry,
        FlinkSettings flink,
        Delivery delivery,
        Map<String, StageConfiguration> stages) {

    /** Keys of every configuration, which no stage can have as its name. */
    public static final List<String> COMMON_KEYS = List.of("name", "kafka", "registry", "flink", "delivery");

    /** What a failure may do to the output. */
    public enum Delivery {
        /** Each result once, visible when a checkpoint completes. */
        EXACTLY_ONCE,
        /** Each result at least once, visible at once; ids are stable, so repeats can be told. */
        AT_LEAST_ONCE
    }

    public JobConfiguration {
        if (name != null && name.isBlank()) {
            throw new ConfigurationException("name must not be blank: leave it out for the stage's");
        }
        if (kafka == null || kafka.bootstrap() == null || kafka.bootstrap().isBlank()) {
            throw new ConfigurationException("kafka.bootstrap is missing: give the brokers as host:port[,host:port]");
        }
        if (registry == null || registry.url() == null || registry.url().isBlank()) {
            throw new ConfigurationException("registry.url is missing: give the schema registry's http(s) address");
        }
        flink = flink == null ? FlinkSettings.defaults() : flink;
        delivery = delivery == null ? Delivery.EXACTLY_ONCE : delivery;
        stages = stages == null ? Map.of() : Map.copyOf(stages);
    }

    /** The same with a name, unless it has one. */
    public JobConfiguration orNamed(String stage) {
        return name != null ? this : new JobConfiguration(stage, kafka, registry, flink, delivery, stages);
    }

    /** The same with another directory of checkpoints, a URI. */
    public JobConfiguration withCheckpointDirectory(String directory) {
        return new JobConfiguration(name, kafka, registry, flink.withCheckpointDirectory(directory), delivery, stages);
    }

    /** The same with these settings of a stage. */
    public JobConfiguration with(String stage, StageConfiguration settings) {
        Map<String, StageConfiguration> all = new HashMap<>(stages);
        all.put(stage, settings);
        return new JobConfiguration(name, kafka, registry, flink, delivery, all);
    }

    /**
     * The settings of a stage, its defaults where there are none.
     *
     * @throws ConfigurationException if a topic is named that the stage does not have
     */
    public <C extends StageConfiguration> C of(ConfigurationSection<C> section) {
        StageConfiguration settings = stages.get(section.name());
        return settings == null
                ? ConfigurationReader.defaults(section.type())
                : section.checked(section.type().cast(settings));
    }

    /**
     * Brokers.
     *
     * @param bootstrap brokers to ask first
     * @param properties further client settings, such as security.protocol, sasl.* and ssl.*
     * @param recordLimit bytes of a record that is read at most; null for what the catalogue says of its topic
     * @param textLimit bytes of each text in it at most; null for what the catalogue says
     */
    public record Kafka(String bootstrap, Map<String, String> properties, Integer recordLimit, Integer textLimit) {
        public Kafka {
            properties = properties == null ? Map.of() : Map.copyOf(properties);
            requirePositive("kafka.record-limit", recordLimit);
            requirePositive("kafka.text-limit", textLimit);
        }

        /** Brokers, with the catalogue's limits. */
        public Kafka(String bootstrap, Map<String, String> properties) {
            this(bootstrap, properties, null, null);
        }

        private static void requirePositive(String key, Integer bytes) {
            if (bytes != null && bytes < 1) {
                throw new ConfigurationException(key + " must be at least 1 byte, got " + bytes);
            }
        }

        /** The brokers; properties may hold secrets. */
        @Override
        public String toString() {
            return bootstrap;
        }

        /** What a record may be at most, where the catalogue says so of its topic. */
        public RecordLimits limits(RecordLimits catalogued) {
            RecordLimits limits = recordLimit == null ? catalogued : catalogued.withRecordBytes(recordLimit);
            return textLimit == null ? limits : limits.withTextBytes(textLimit);
        }
    }

    /**
     * Schema registry.
     *
     * @param url address, or several separated by commas
     * @param properties further settings of {@link RegistryConfig}, such as registration, basic-auth and TLS
     */
    public record Registry(String url, Map<String, String> properties) {
        public Registry {
            properties = properties == null ? Map.of() : Map.copyOf(properties);
        }

        /** The address; properties may hold secrets. */
        @Override
        public String toString() {
            return url;
        }
    }

    /** The registry's settings for the connectors. */
    public RegistryConfig registryConfig() {
        try {
            return RegistryConfig.at(registry.url()).withAll(registry.properties());
        } catch (IllegalArgumentException wrong) {
            throw new ConfigurationException("registry: " + wrong.getMessage());
        }
    }

    /**
     * How Flink runs the job.
     *
     * @param parallelism subtasks of each operator
     * @param checkpointInterval time between checkpoints; with exactly-once delivery also the delay of results
     * @param checkpointDirectory directory of checkpoints, a URI; a job has a folder of its own in it
     * @param savepointDirectory directory of savepoints, a URI; beside the job's checkpoints where none is given
     * @param stateBackend rocksdb or hashmap
     * @param properties further Flink options by their own names
     */
    public record FlinkSettings(
            Integer parallelism,
            Duration checkpointInterval,
            String checkpointDirectory,
            String savepointDirectory,
            String stateBackend,
            Map<String, String> properties) {
        /** Flink's own bound: keys are split among at most so many subtasks. */
        private static final int MOST_SUBTASKS = 32_768;

        public FlinkSettings {
            parallelism = parallelism == null ? 1 : parallelism;
            checkpointInterval = checkpointInterval == null ? Duration.ofSeconds(10) : checkpointInterval;
            stateBackend = stateBackend == null ? "rocksdb" : stateBackend;
            properties = properties == null ? Map.of() : Map.copyOf(properties);
            if (parallelism < 1 || parallelism > MOST_SUBTASKS) {
                throw new ConfigurationException(
                        "flink.parallelism must be 1 to " + MOST_SUBTASKS + ", got " + parallelism);
            }
            if (checkpointInterval.toMillis() < 100) {
                throw new ConfigurationException("flink.checkpoint-interval must be at least 100ms, got "
                        + checkpointInterval.toMillis() + "ms");
            }
            if (!stateBackend.equals("rocksdb") && !stateBackend.equals("hashmap")) {
                throw new ConfigurationException("flink.state-backend must be rocksdb or hashmap, got " + stateBackend);
            }
        }

        /** Every default. */
        public static FlinkSettings defaults() {
            return ConfigurationReader.defaults(FlinkSettings.class);
        }

        /** The same with another directory of checkpoints. */
        FlinkSettings withCheckpointDirectory(String directory) {
            return new FlinkSettings(
                    parallelism, checkpointInterval, directory, savepointDirectory, stateBackend, properties);
        }
    }
}
