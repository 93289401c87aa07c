package io.millrace.operators.inference.internal;

/**
 * Where an entry of a key's durable state stands.
 *
 * @param generation generation of the serving model that the state belongs to
 * @param sequence 0 for the whole state, then the changes in their order
 */
public record CachePosition(long generation, int sequence) {}
