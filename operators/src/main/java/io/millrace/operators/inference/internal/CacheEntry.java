package io.millrace.operators.inference.internal;

/**
 * An entry of the durable copy of a key's state, which is a whole state and the changes since, oldest first. A change is
 * a fraction of the state where a network writes a row of a ring with each record.
 *
 * @param version version of the model that the state belongs to
 * @param lastSeen event time of the record that the state is the result of, in milliseconds
 * @param whole whether {@code bytes} are the state tensors one behind another, in the order of the state specification
 *     and native byte order, or a {@link io.millrace.operators.inference.arena.StateChange}
 * @param bytes state or change
 */
public record CacheEntry(String version, long lastSeen, boolean whole, byte[] bytes) {}
