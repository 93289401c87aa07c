package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When to write states to the store ahead of a checkpoint, so that the stream stands still for less of them. The next
 * barrier is foreseen from the last ones: one median interval after the last, of five, which a savepoint in between
 * does not disturb. Writing begins early enough that records are answered between the pieces, and as late as
 * that allows, since what is written may change again. Times are in nanoseconds of any one clock.
 */
public final class WriteAheadPolicy {

    /** What to do now. */
    public enum Action {
        NOTHING,
        /** List what is to be written, then write the first piece. */
        BEGIN,
        /** Write the next piece. */
        GO_ON
    }

    private static final int INTERVALS = 5;

    /** Writing takes a third of the time before the barrier. */
    private static final int SHARE = 3;

    private static final double KEPT_OF_COST = 0.7;

    private enum Phase {
        WAITING,
        WRITING,
        DONE
    }

    private final long shortNanos;
    private final Deque<Long> intervals = new ArrayDeque<>();
    private Phase phase = Phase.WAITING;
    private boolean seen;
    private long last;
    private double nanosPerState;

    /** {@code shortNanos}: a checkpoint that would stop the stream no longer than this is left as it is. */
    public WriteAheadPolicy(long shortNanos) {
        this.shortNanos = shortNanos;
    }

    /** A checkpoint barrier has come; {@code states} were still to be written and took {@code nanos}. */
    public void barrier(long now, int states, long nanos) {
        if (seen) {
            intervals.addLast(now - last);
            if (intervals.size() > INTERVALS) {
                intervals.removeFirst();
            }
        }
        seen = true;
        last = now;
        phase = Phase.WAITING;
        cost(states, nanos);
    }

    /** Says what to do, while the durable copies of {@code dirty} states are out of date. */
    public Action next(int dirty, long now) {
        if (phase == Phase.WRITING) {
            return Action.GO_ON;
        }
        double stop = dirty * nanosPerState;
        if (phase == Phase.DONE
                || intervals.isEmpty()
                || dirty == 0
                || stop < shortNanos
                || now + SHARE * stop < last + interval()) {
            return Action.NOTHING;
        }
        phase = Phase.WRITING;
        return Action.BEGIN;
    }

    /** A piece of {@code states} states has been written in {@code nanos}; none when nothing of the list was left. */
    public void wrote(int states, long nanos) {
        if (states == 0) {
            phase = Phase.DONE;
        }
        cost(states, nanos);
    }

    private void cost(int states, long nanos) {
        if (states > 0) {
            double measured = nanos / (double) states;
            nanosPerState =
                    nanosPerState == 0 ? measured : KEPT_OF_COST * nanosPerState + (1 - KEPT_OF_COST) * measured;
        }
    }

    private long interval() {
        return intervals.stream()
                .sorted()
                .skip(intervals.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
