package io.millrace.operators.inference.arena;

/**
 * A host copy of a key's state, in big-endian byte order on every machine.
 *
 * @param whole whether it is the whole state, the tensors one behind another, or a {@link StateChange} against the copy
 *     before it
 * @param bytes the copy
 */
public record StateCopy(boolean whole, byte[] bytes) {}
