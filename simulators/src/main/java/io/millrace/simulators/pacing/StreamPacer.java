package io.millrace.simulators.pacing;

/**
 * Keeps a stream at the pace of the clock: the first record sets the beginning, each later one waits until as much time has
 * passed as lies between them in the stream, divided by the speed. A stream that has fallen behind is not held back
 * until it has caught up, so the average rate stays right. Not thread-safe.
 */
public final class StreamPacer {
    /** Waits shorter than this are left out; the next record makes up for them. */
    private static final long SHORTEST_WAIT_NANOS = 200_000;

    private static final long LONGEST_WAIT_NANOS = 50_000_000;

    private final PacingClock clock;
    private final double speed;
    private boolean started;
    private long startNanos;
    private long startStreamMillis;

    /**
     * @param clock where time comes from
     * @param speed stream seconds a second of the clock; 1 for the original pace
     * @throws IllegalArgumentException if the speed is not positive
     */
    public StreamPacer(PacingClock clock, double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed must be positive: " + speed);
        }
        this.clock = clock;
        this.speed = speed;
    }

    /** Sets the beginning explicitly: this stream time is now. */
    public void start(long streamMillis) {
        started = true;
        startNanos = clock.nanoTime();
        startStreamMillis = streamMillis;
    }

    /** Returns nanoseconds until a record of this stream time is due; zero or less when it is. */
    public long nanosUntil(long streamMillis) {
        if (!started) {
            start(streamMillis);
        }
        long due = startNanos + (long) ((streamMillis - startStreamMillis) * 1e6 / speed);
        return due - clock.nanoTime();
    }

    /** Tells whether a record of this stream time must wait noticeably. */
    public boolean mustWait(long streamMillis) {
        return nanosUntil(streamMillis) >= SHORTEST_WAIT_NANOS;
    }

    /**
     * Waits until a record of this stream time is due.
     *
     * @return false if the thread was interrupted; its interrupt flag stays set
     */
    public boolean await(long streamMillis) {
        long wait = nanosUntil(streamMillis);
        while (wait >= SHORTEST_WAIT_NANOS) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            clock.sleepNanos(Math.min(wait, LONGEST_WAIT_NANOS));
            wait = nanosUntil(streamMillis);
        }
        return true;
    }
}
