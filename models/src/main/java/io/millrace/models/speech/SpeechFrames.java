package io.millrace.models.speech;

import java.util.List;

import io.millrace.models.speech.decoding.Beams;
import io.millrace.models.speech.decoding.Emission;

/**
 * What a chunk gave.
 *
 * @param firstFrame number of the first encoder frame in its stream
 * @param best best token of each frame by the CTC head
 * @param bestLogProbabilities its log-probability
 * @param emissions tokens of the transducer; none if a beam search took its place
 * @param beams how the beam search went on; null if there is none
 * @param embedding mean of the encoder's frames, as many numbers as the network is wide; empty unless it was asked for
 *     and there is a frame
 */
public record SpeechFrames(
        long firstFrame,
        long[] best,
        float[] bestLogProbabilities,
        List<Emission> emissions,
        Beams beams,
        float[] embedding) {

    private static final float[] NONE = {};

    /** Without an embedding. */
    public SpeechFrames(
            long firstFrame, long[] best, float[] bestLogProbabilities, List<Emission> emissions, Beams beams) {
        this(firstFrame, best, bestLogProbabilities, emissions, beams, NONE);
    }

    /** Without a beam search and an embedding. */
    public SpeechFrames(long firstFrame, long[] best, float[] bestLogProbabilities, List<Emission> emissions) {
        this(firstFrame, best, bestLogProbabilities, emissions, null);
    }
}
