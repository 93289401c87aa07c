package io.millrace.jobs.lifecycle;

/** The state that a job would go on from cannot be used as it is; the message names it and the remedy. */
public final class StateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StateException(String message) {
        super(message);
    }
}
