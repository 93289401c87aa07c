package io.millrace.operators.inference;

/** What becomes of the per-key states of the version before when a new one takes over. */
public enum CachePolicy {
    /** Every key starts anew on the new version. */
    RESET,
    /** The new version goes on with the states as they are; both must keep the same ones. */
    MIGRATE,
    /** Keys that have a state finish on the old version until it expires; new keys start on the new one. */
    DRAIN
}
