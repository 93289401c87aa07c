package io.millrace.operators.inference.arena;

/**
 * A state to be put into a slot.
 *
 * @param slot the slot
 * @param tensors the whole state as {@link StateCopy} has it; null for a new key, which starts with zeros
 */
public record ArenaLoad(int slot, byte[] tensors) {}
