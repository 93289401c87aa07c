package io.millrace.operators.inference.internal;

/**
 * Durable copy of a key's state.
 *
 * @param version version of the model that the state belongs to
 * @param lastSeen event time of the record that the state is the result of, in milliseconds
 * @param tensors the state tensors one behind another, in the order of the state specification, native byte order
 */
public record CacheEntry(String version, long lastSeen, byte[] tensors) {}
