package io.millrace.connectors.kafka.internal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.common.TopicPartition;

/**
 * What the consumers of one source have still to read, as their {@link LagReporter}s see it in this process. Tells a
 * partition that is silent because nothing comes from one whose records have not been fetched yet.
 */
public final class SourceLag implements Backlog {

    private static final Map<String, SourceLag> SOURCES = new ConcurrentHashMap<>();

    private final Set<LagReporter> consumers = ConcurrentHashMap.newKeySet();

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

    @Override
    public void heard(TopicPartition partition) {
        for (LagReporter consumer : consumers) {
            if (consumer.reads(partition)) {
                consumer.heard(partition);
            }
        }
    }

    @Override
    public boolean isBehind(TopicPartition partition) {
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
        // Without a consumer there is no partition: a subtask that was given none holds nobody back.
        return consumers.stream().anyMatch(LagReporter::isUnheardBehind);
    }
}
