package io.millrace.schemas;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apiguardian.api.API;

/**
 * A topic that a stage reads or writes: its name, what its records are, how they are keyed and dated, how long they are
 * kept. The one place where these are settled.
 *
 * @param <T> type of the values
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Topic<T extends SpecificRecord> {

    /** What becomes of old records. */
    public enum Cleanup {
        /** Deleted by age. */
        DELETE,
        /** Of each key the newest is kept. */
        COMPACT,
        /** Of each key the newest is kept, until it is deleted by age. */
        COMPACT_AND_DELETE;

        /** The value of Kafka's {@code cleanup.policy}. */
        public String policy() {
            return switch (this) {
                case DELETE -> "delete";
                case COMPACT -> "compact";
                case COMPACT_AND_DELETE -> "compact,delete";
            };
        }
    }

    private final Builder<T> settings;
    private final String name;

    private Topic(Builder<T> settings, String name) {
        this.settings = settings;
        this.name = name;
    }

    /** Begins a topic of values of this type. */
    public static <T extends SpecificRecord> Builder<T> of(Class<T> type) {
        return new Builder<>(type);
    }

    /**
     * Settings of a topic: {@code set} is needed, {@code opt} may be left out.
     *
     * @param <T> type of the values
     */
    public static final class Builder<T extends SpecificRecord> {
        private final Class<T> type;
        private String name;
        private String role;
        private String records;
        private String keyMeaning;
        private KeyExtractor<T> keys;
        private TimeExtractor<T> times;
        private Duration retention;
        private Cleanup cleanup = Cleanup.DELETE;
        private int partitions = 1;
        private RecordLimits limits = RecordLimits.USUAL;

        private Builder(Class<T> type) {
            this.type = Objects.requireNonNull(type, "type");
        }

        /** Its name, where the configuration gives it no other. */
        public Builder<T> setName(String value) {
            name = value;
            return this;
        }

        /** What it is to its stage, one word or a few joined by hyphens: its key in the configuration. */
        public Builder<T> setRole(String value) {
            role = value;
            return this;
        }

        /** What its records are, in the plural, as a person reads it on the dashboard. */
        public Builder<T> setRecords(String value) {
            records = value;
            return this;
        }

        /** The key of a record: what it says, and how it is taken out of the value. */
        public Builder<T> setKey(String meaning, KeyExtractor<T> extractor) {
            keyMeaning = meaning;
            keys = extractor;
            return this;
        }

        /** A key of text. */
        public Builder<T> setTextKey(String meaning, KeyExtractor.TextOf<T> text) {
            return setKey(meaning, KeyExtractor.text(text));
        }

        /** A function that can travel to the cluster. */
        @FunctionalInterface
        public interface InstantOf<T> extends Function<T, Instant>, java.io.Serializable {}

        /** When a record happened; without it the topic has no event time. */
        public Builder<T> optTime(InstantOf<T> time) {
            times = value -> time.apply(value).toEpochMilli();
            return this;
        }

        /** How long records are kept; for a compacted topic, how long a deleted key stays visible as deleted. */
        public Builder<T> setRetention(Duration value) {
            retention = value;
            return this;
        }

        /** Whether old records are deleted by age (the default) or replaced by the newest of their key. */
        public Builder<T> optCleanup(Cleanup value) {
            cleanup = value;
            return this;
        }

        /** Partitions when the topic is made; 1 by default. */
        public Builder<T> optPartitions(int value) {
            partitions = value;
            return this;
        }

        /** What a record may be at most to be processed. */
        public Builder<T> optLimits(RecordLimits value) {
            limits = value;
            return this;
        }

        /**
         * The topic.
         *
         * @throws IllegalArgumentException if a setting is missing or makes no sense
         */
        public Topic<T> build() {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(role, "role of " + name);
            Objects.requireNonNull(records, "records of " + name);
            Objects.requireNonNull(keys, "key of " + name);
            Objects.requireNonNull(cleanup, "cleanup of " + name);
            Objects.requireNonNull(limits, "limits of " + name);
            Objects.requireNonNull(retention, "retention of " + name);
            if (retention.isNegative() || retention.isZero()) {
                throw new IllegalArgumentException("retention of " + name + " must be positive: " + retention);
            }
            if (partitions < 1) {
                throw new IllegalArgumentException("partitions of " + name + " must be at least 1: " + partitions);
            }
            return new Topic<>(this, name);
        }
    }

    /** The same topic under another name. */
    public Topic<T> withName(String other) {
        return other.equals(name) ? this : new Topic<>(settings, Objects.requireNonNull(other, "name"));
    }

    public String name() {
        return name;
    }

    /** What it is to its stage: its key in the configuration. */
    public String role() {
        return settings.role;
    }

    /** What its records are, in the plural. */
    public String records() {
        return settings.records;
    }

    /** Generated class of the values. */
    public Class<T> valueType() {
        return settings.type;
    }

    /** What the key of a record says, in words. */
    public String keyMeaning() {
        return settings.keyMeaning;
    }

    /** How the key is taken out of a value. */
    public KeyExtractor<T> keys() {
        return settings.keys;
    }

    /** How the event time is taken out of a value; null for a topic without. */
    public TimeExtractor<T> times() {
        return settings.times;
    }

    /** How long records are kept; for a compacted topic, how long a deleted key stays visible as deleted. */
    public Duration retention() {
        return settings.retention;
    }

    /** Whether old records are deleted by age or replaced by the newest of their key. */
    public Cleanup cleanup() {
        return settings.cleanup;
    }

    /** Partitions when the topic is made. */
    public int partitions() {
        return settings.partitions;
    }

    /** What a record may be at most to be processed. */
    public RecordLimits limits() {
        return settings.limits;
    }

    /** Schema of the values. */
    public Schema valueSchema() {
        return SpecificData.get().getSchema(settings.type);
    }

    /** Subject of the value schema in the registry: the topic's name with {@code -value}. */
    public String subject() {
        return name + "-value";
    }

    @Override
    public String toString() {
        return name;
    }
}
