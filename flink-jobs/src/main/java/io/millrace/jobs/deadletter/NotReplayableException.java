package io.millrace.jobs.deadletter;

/** A letter whose record cannot be sent again; the message says why, and what would help. */
final class NotReplayableException extends Exception {
    NotReplayableException(String message) {
        super(message);
    }
}
