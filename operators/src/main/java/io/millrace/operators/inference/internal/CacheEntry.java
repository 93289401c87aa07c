package io.millrace.operators.inference.internal;

/**
 * An entry of the durable copy of a key's state, which is a whole state and the changes since, each under a {@link
 * CachePosition} of its own. A change is a fraction of the state where a network writes a row of a ring with each record.
 *
 * @param base number of the whole state that the entry is, or that it changes; a change of an earlier whole state is void
 * @param lastSeen event time of the record that the state is the result of, in milliseconds
 * @param origin what wrote the state; null for a change, whose whole state says so
 * @param bytes state or change, as {@link io.millrace.operators.inference.arena.StateCopy} has them
 */
public record CacheEntry(int base, long lastSeen, Origin origin, byte[] bytes) {

    /**
     * What wrote a state.
     *
     * @param model name of the model
     * @param version version of the model
     * @param sha256 digest of the model, or empty
     * @param layout fingerprint of the state's layout, see {@link io.millrace.models.streaming.StateSpec#fingerprint()}
     */
    public record Origin(String model, String version, String sha256, String layout) {}

    /** Whether the entry is a whole state and not a change. */
    public boolean whole() {
        return origin != null;
    }
}
