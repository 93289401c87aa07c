package io.millrace.operators.inference.internal;

import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/** What the subtasks of an inference operator and their coordinator tell each other of a roll-out. */
public sealed interface RolloutMessage extends OperatorEvent {

    /**
     * From a subtask: the candidate of an order is loaded.
     *
     * @param order identifier of the order
     * @param generation the lowest number that the new generation may have
     * @param watermark event time that the subtask has reached
     * @param atCheckpoints whether there are checkpoints at which to swap
     */
    record Ready(String order, long generation, long watermark, boolean atCheckpoints) implements RolloutMessage {
        private static final long serialVersionUID = 1;
    }

    /** From a subtask: its candidate does not load. To a subtask: that of another does not; the order is given up. */
    record Failed(String order, String why) implements RolloutMessage {
        private static final long serialVersionUID = 1;
    }

    /** From a subtask: the generation that serves does not work, and is young. To a subtask: withdraw it. */
    record Broken(long generation, String why) implements RolloutMessage {
        private static final long serialVersionUID = 1;
    }

    /**
     * To a subtask: every candidate is loaded.
     *
     * @param order identifier of the order
     * @param generation number of the new generation
     * @param watermark the latest event time that a subtask has reached
     */
    record Agreed(String order, long generation, long watermark) implements RolloutMessage {
        private static final long serialVersionUID = 1;
    }
}
