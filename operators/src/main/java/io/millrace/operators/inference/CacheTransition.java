package io.millrace.operators.inference;

/** What becomes of the per-key states of the version before when a new one takes over. */
public enum CacheTransition {
    /** Every key starts anew on the new version. */
    RESET,
    /** The new version goes on with the states as they are; both must keep the same ones. */
    MIGRATE,
    /**
     * Keys that have a state finish on the old version, new keys start on the new one. A key changes over, and starts
     * anew, with its first record after its state has expired, or after the deadline: one state TTL of event time after
     * the watermark at which the versions were swapped, or after the first watermark where none had come. Without a TTL
     * there is no deadline, and the old version stays.
     *
     * <p>Every record is answered once, by one version, in the order of its key; a key never goes back to the old
     * version, nor does either version see a state of the other. Which version answers a record depends on its event
     * time, the key's state and the deadline, and checkpoints keep the deadline: what is replayed after a restore is
     * answered by the same version again.
     *
     * <p>Not promised: that all keys have the same deadline. Each subtask swaps when it has loaded the new version, and
     * counts from its own watermark; a restore gives all subtasks the deadline that one of them had, so those without a
     * record in between may change over earlier or later than they would have.
     */
    DRAIN
}
