package io.millrace.operators.inference.arena;

/**
 * A host copy of a key's state.
 *
 * @param whole whether it is the whole state, the tensors one behind another in native byte order, or a {@link
 *     StateChange} against the copy before it
 * @param bytes the copy
 */
public record StateCopy(boolean whole, byte[] bytes) {}
