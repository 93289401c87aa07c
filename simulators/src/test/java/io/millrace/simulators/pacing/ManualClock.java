package io.millrace.simulators.pacing;

/** A clock that moves only when somebody sleeps on it, or is told to. */
public final class ManualClock implements PacingClock {
    private long nanos;
    private long slept;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void sleepNanos(long duration) {
        nanos += duration;
        slept += duration;
    }

    public void advanceMillis(long millis) {
        nanos += millis * 1_000_000;
    }

    public long sleptMillis() {
        return slept / 1_000_000;
    }

    public long millis() {
        return nanos / 1_000_000;
    }
}
