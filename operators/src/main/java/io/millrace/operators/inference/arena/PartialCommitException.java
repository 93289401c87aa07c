package io.millrace.operators.inference.arena;

/**
 * Some states of a step have been written and others not. No record is to blame and none may be run again on these states:
 * the task has to go back to its last checkpoint.
 */
public final class PartialCommitException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** {@code cause}: the write that failed. */
    public PartialCommitException(RuntimeException cause) {
        super("the states of a step could be written in part only: " + cause.getMessage(), cause);
    }
}
