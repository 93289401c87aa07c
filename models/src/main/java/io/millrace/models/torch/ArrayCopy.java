package io.millrace.models.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * Copies one array into another in place. The engine's own {@code copyTo} and {@code set} of a buffer go through the host
 * and a guard that libtorch has deprecated, of which it warns on the terminal of every process, whatever its log level.
 */
public final class ArrayCopy {

    private static final NDIndex ALL = new NDIndex("...");

    private ArrayCopy() {}

    /**
     * Makes the values of {@code target} those of {@code values}. It may be one that requires gradients: none passes
     * through the copy.
     *
     * @throws IllegalArgumentException if their shapes differ
     */
    public static void into(NDArray target, NDArray values) {
        if (!target.getShape().equals(values.getShape())) {
            throw new IllegalArgumentException(
                    "an array of " + values.getShape() + " does not fit one of " + target.getShape());
        }
        // Whether gradients are recorded is a matter of each thread: in one that records, libtorch refuses a change in
        // place.
        boolean learns = target.hasGradient();
        if (learns) {
            target.setRequiresGradient(false);
        }
        target.set(ALL, values);
        if (learns) {
            target.setRequiresGradient(true);
        }
    }
}
