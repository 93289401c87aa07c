package io.millrace.connectors.kafka.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * What one source has still to read, in this process: which partitions its readers have ({@link AnnouncedSource}), what
 * its consumers have not fetched ({@link LagReporter}), and what they have fetched and Flink has not passed on. Tells a
 * partition that is silent because nothing comes from one whose records are on their way.
 */
public final class SourceLag implements Backlog {

    private static final Map<String, SourceLag> SOURCES = new ConcurrentHashMap<>();
    private static final long NOTHING = -1;

    private final Set<LagReporter> consumers = ConcurrentHashMap.newKeySet();
    private final Set<Partitions> readers = ConcurrentHashMap.newKeySet();

    /** Offset of the latest record that a consumer has given out. */
    private final Map<TopicPartition, Long> givenOut = new ConcurrentHashMap<>();

    /** The partitions of one reader that have not been heard. */
    final class Partitions {
        private final Set<TopicPartition> unheard = ConcurrentHashMap.newKeySet();

        /** The reader has a partition. What a reader before it was given of it counts no longer. */
        void add(TopicPartition partition) {
            givenOut.remove(partition);
            unheard.add(partition);
        }

        /** The reader is closed. */
        void leave() {
            readers.remove(this);
        }
    }

    /** That of a source, by the name that its consumers bear in {@link SchemaPrefetcher#SOURCE}. */
    public static SourceLag of(String source) {
        return SOURCES.computeIfAbsent(source, ignored -> new SourceLag());
    }

    /** The job has left this process. */
    static void forget(String source) {
        SOURCES.remove(source);
    }

    void enter(LagReporter consumer) {
        consumers.add(consumer);
    }

    void leave(LagReporter consumer) {
        consumers.remove(consumer);
    }

    /** A reader more, which has no partition yet. */
    Partitions reader() {
        Partitions partitions = new Partitions();
        readers.add(partitions);
        return partitions;
    }

    /** A consumer gives records out; they count as behind until they have been passed on. */
    void givesOut(ConsumerRecords<?, ?> records) {
        for (TopicPartition partition : records.partitions()) {
            for (ConsumerRecord<?, ?> record : records.records(partition)) {
                givenOut.merge(partition, record.offset(), Math::max);
            }
        }
    }

    @Override
    public void heard(TopicPartition partition) {
        readers.forEach(reader -> reader.unheard.remove(partition));
    }

    @Override
    public boolean isBehind(TopicPartition partition, long passedOn) {
        if (givenOut.getOrDefault(partition, NOTHING) > passedOn) {
            return true;
        }
        boolean answered = false;
        for (LagReporter consumer : consumers) {
            if (consumer.reads(partition)) {
                if (consumer.isBehind(partition)) {
                    return true;
                }
                answered = true;
            }
        }
        return !answered;
    }

    @Override
    public boolean isUnheardBehind() {
        for (Partitions reader : readers) {
            for (TopicPartition partition : reader.unheard) {
                if (isBehind(partition, NOTHING)) {
                    return true;
                }
            }
        }
        return false;
    }
}
