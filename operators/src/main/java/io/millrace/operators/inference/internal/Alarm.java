package io.millrace.operators.inference.internal;

/** Wakes the task thread later on. */
@FunctionalInterface
public interface Alarm {

    /** Runs {@code wake} on the task thread once {@code nanos} nanoseconds have passed, or a little later. */
    void after(long nanos, Runnable wake);
}
