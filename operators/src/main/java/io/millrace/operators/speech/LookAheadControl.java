package io.millrace.operators.speech;

import java.util.List;

/**
 * Decides how far a stream looks ahead. A stream that falls behind by more than a chunk of it is given the next larger
 * look-ahead: fewer and larger chunks, which cost less for each second of audio. Once it has kept up for a while it comes
 * back, step by step, to what was asked for.
 *
 * <p>Behind is how much later the stream's audio comes than it came at best: clocks of recorders need not be right. The
 * best is forgotten by a thousandth of the time that passes, for clocks drift. The decision is part of the stream's
 * state; nothing of it is taken back by a restore to a checkpoint that another saw.
 */
final class LookAheadControl {

    /** Audio through which a stream must have kept up before its look-ahead is lowered, milliseconds. */
    static final long CALM_MILLIS = 5_000;

    /** What became of the look-ahead. */
    enum Decision {
        KEPT,
        RAISED,
        LOWERED
    }

    private final List<Integer> served;
    private final long millisPerFrame;

    /**
     * @param served look-aheads that the model serves, the smallest first
     * @param millisPerFrame milliseconds of an encoder frame
     */
    LookAheadControl(List<Integer> served, long millisPerFrame) {
        this.served = served;
        this.millisPerFrame = millisPerFrame;
    }

    /**
     * Audio has come.
     *
     * @param lagMillis how long after it was taken
     * @param audioMillis its length
     */
    Decision observe(StretchState state, long lagMillis, long audioMillis) {
        state.leastLagMicros = state.leastLagMicros == StretchState.NOT_SEEN
                ? lagMillis * 1000
                : Math.min(lagMillis * 1000, state.leastLagMicros + audioMillis);
        long behind = lagMillis - state.leastLagMicros / 1000;
        int at = served.indexOf(state.lookAhead);
        if (behind > chunkMillis(at)) {
            state.calmMillis = 0;
            if (at + 1 < served.size()) {
                state.lookAhead = served.get(at + 1);
                return Decision.RAISED;
            }
            return Decision.KEPT;
        }
        if (state.lookAhead <= state.askedLookAhead) {
            return Decision.KEPT;
        }
        // Half of the smaller chunk: one that is only just kept up with would be raised again at once.
        state.calmMillis = behind < chunkMillis(at - 1) / 2 ? state.calmMillis + audioMillis : 0;
        if (state.calmMillis < CALM_MILLIS) {
            return Decision.KEPT;
        }
        state.calmMillis = 0;
        state.lookAhead = served.get(at - 1);
        return Decision.LOWERED;
    }

    private long chunkMillis(int at) {
        return (served.get(at) + 1) * millisPerFrame;
    }
}
