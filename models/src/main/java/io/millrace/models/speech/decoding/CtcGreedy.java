package io.millrace.models.speech.decoding;

import java.util.ArrayList;
import java.util.List;

/** Best token of each frame, repeats folded and blanks dropped; carries the last frame's token over chunk borders. */
public final class CtcGreedy {

    private final int blank;
    private int last;

    /** A decoder at the start of a stream. */
    public CtcGreedy(int blank) {
        this(blank, blank);
    }

    /** A decoder that goes on after a frame whose best token was {@code last}. */
    public CtcGreedy(int blank, int last) {
        this.blank = blank;
        this.last = last;
    }

    /** Token of the last frame. */
    public int last() {
        return last;
    }

    /**
     * The tokens that begin in some frames.
     *
     * @param best best token of each frame
     * @param logProbabilities its log-probability
     * @param firstFrame number of the first of the frames
     */
    public List<Emission> accept(long[] best, float[] logProbabilities, long firstFrame) {
        List<Emission> emissions = new ArrayList<>();
        for (int t = 0; t < best.length; t++) {
            int token = Math.toIntExact(best[t]);
            if (token != blank && token != last) {
                emissions.add(new Emission(token, firstFrame + t, logProbabilities[t]));
            }
            last = token;
        }
        return emissions;
    }
}
