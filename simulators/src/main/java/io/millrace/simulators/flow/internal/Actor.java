package io.millrace.simulators.flow.internal;

/** Something that acts at times of its own choosing. */
interface Actor {
    /** Returned by an actor that has nothing left to do. */
    long DONE = Long.MAX_VALUE;

    /** Acts at this stream time (microseconds) and returns the time of the next act, not earlier, or {@link #DONE}. */
    long act(long now);
}
