package io.millrace.models.torch;

import ai.djl.ndarray.NDArray;

/**
 * Products with numbers that gradients may flow through. The engine's own {@code mul(Number)} and {@code div(Number)} free
 * the memory of the number at once, although the backward pass still reads it: a garbage collection between the two
 * passes makes the gradient garbage. Sums with numbers are safe.
 */
public final class Scalars {

    private Scalars() {}

    /** {@code x} times a number that lives as long as the manager of {@code x}. */
    public static NDArray times(NDArray x, double factor) {
        return x.mul(x.getManager().create((float) factor));
    }
}
