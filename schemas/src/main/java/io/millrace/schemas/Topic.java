package io.millrace.schemas;

import java.time.Duration;
import java.util.Objects;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic as {@link TopicCatalogue} describes it.
 *
 * @param name name of the topic
 * @param keyMeaning what the key of a record says, in words
 * @param keyType how the key is written
 * @param valueType generated class of the values
 * @param retention how long records are kept; for a compacted topic, how long a deleted key stays visible as deleted
 * @param cleanup whether old records are deleted by age or replaced by the newest of their key
 * @param partitions partitions when the topic is made
 * @param limits what a record of it may be at most to be processed
 */
public record Topic(
        String name,
        String keyMeaning,
        KeyType keyType,
        Class<? extends SpecificRecord> valueType,
        Duration retention,
        Cleanup cleanup,
        int partitions,
        RecordLimits limits) {

    /** How the key of a record is written. */
    public enum KeyType {
        /** Text in UTF-8. */
        TEXT,
        /** Bytes taken over unchanged from another record; may be absent. */
        BYTES
    }

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

    public Topic {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(keyMeaning, "keyMeaning");
        Objects.requireNonNull(keyType, "keyType");
        Objects.requireNonNull(valueType, "valueType");
        Objects.requireNonNull(cleanup, "cleanup");
        Objects.requireNonNull(limits, "limits");
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("retention of " + name + " must be positive: " + retention);
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions of " + name + " must be at least 1: " + partitions);
        }
    }

    /** A topic with the usual limits. */
    public Topic(
            String name,
            String keyMeaning,
            KeyType keyType,
            Class<? extends SpecificRecord> valueType,
            Duration retention,
            Cleanup cleanup,
            int partitions) {
        this(name, keyMeaning, keyType, valueType, retention, cleanup, partitions, RecordLimits.USUAL);
    }

    /** The same topic under another name. */
    public Topic withName(String other) {
        return new Topic(other, keyMeaning, keyType, valueType, retention, cleanup, partitions, limits);
    }

    /** Schema of the values. */
    public Schema valueSchema() {
        return SpecificData.get().getSchema(valueType);
    }

    /** Subject of the value schema in the registry: the topic's name with {@code -value}. */
    public String subject() {
        return name + "-value";
    }
}
