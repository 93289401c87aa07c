package io.millrace.operators.inference.internal;

import java.io.Serializable;

/** A clock that never goes back, for how long something has waited. */
@FunctionalInterface
public interface Clock extends Serializable {

    /** Nanoseconds since some moment, as {@link System#nanoTime()} gives them. */
    long nanos();
}
