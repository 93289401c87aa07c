package io.millrace.simulators.pacing;

import java.util.concurrent.locks.LockSupport;

/** Time as a pacer needs it; tests put a clock of their own in its place. */
public interface PacingClock {
    /** The clock of this machine. */
    PacingClock SYSTEM = new PacingClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleepNanos(long nanos) {
            LockSupport.parkNanos(nanos);
        }
    };

    /** Returns nanoseconds since some fixed moment. */
    long nanoTime();

    /** Waits about so long; may return early. */
    void sleepNanos(long nanos);
}
