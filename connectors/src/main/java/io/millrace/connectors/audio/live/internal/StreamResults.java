package io.millrace.connectors.audio.live.internal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.Transcript;

/**
 * Which results of a stream go to its client, and when all are there. A reset cuts the stream into stretches, which are
 * told apart by their ends: results of a channel come in order.
 */
final class StreamResults {
    private final int[] ends;
    private final Deque<Double> shifts = new ArrayDeque<>();
    private int cut;
    private int over;

    StreamResults(int channels) {
        ends = new int[channels];
        shifts.add(0.0);
    }

    /** A stretch is over, its last results are awaited; the next one begins so many seconds after the stream did. */
    void cutAt(double seconds) {
        cut++;
        shifts.add(seconds);
    }

    /** Stretches whose last results have not come. */
    int awaited() {
        return cut - over;
    }

    /** Seconds from the start of the stream to that of the stretch that a result is of. */
    double shift(Transcript transcript) {
        int stretch = ends[transcript.getChannel()] - over;
        return shifts.stream().skip(stretch).findFirst().orElseThrow();
    }

    /**
     * Takes note of a result; tells whether with it every channel has been heard to the end of a stretch. An end that is not
     * awaited is that of a job that was stopped; the stream goes on.
     */
    boolean endedBy(Transcript transcript) {
        int channel = transcript.getChannel();
        if (!transcript.getIsFinal()
                || transcript.getEndedBy() != EndOfUtterance.END_OF_STREAM
                || ends[channel] == cut) {
            return false;
        }
        ends[channel]++;
        if (Arrays.stream(ends).min().orElseThrow() == over) {
            return false;
        }
        over++;
        shifts.remove();
        return true;
    }
}
