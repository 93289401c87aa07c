package io.millrace.connectors.kafka.internal;

import org.apache.kafka.common.TopicPartition;

/** What a source has still to read. */
public interface Backlog {

    /** The first record of a partition has come: from now on it is asked about by name. */
    void heard(TopicPartition partition);

    /** Whether a partition has records that were not fetched yet, or may have: nobody has answered for it so far. */
    boolean isBehind(TopicPartition partition);

    /** Whether any partition that has not been heard is behind. */
    boolean isUnheardBehind();
}
