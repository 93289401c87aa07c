package io.millrace.connectors.kafka.internal;

import org.apache.kafka.common.TopicPartition;

/** What a source has still to read. */
public interface Backlog {

    /** The first record of a partition has come: from now on it is asked about by name. */
    void heard(TopicPartition partition);

    /**
     * Whether a partition has records that were not passed on yet, or may have: nobody has answered for it so far.
     *
     * @param passedOn offset of the latest record that was passed on
     */
    boolean isBehind(TopicPartition partition, long passedOn);

    /** Whether any partition that has not been heard is behind. */
    boolean isUnheardBehind();
}
