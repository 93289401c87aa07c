package io.millrace.models.speech.decoding;

import java.util.List;

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
 * @param levels loudness of the chunk's own mel frames, {@link io.millrace.models.speech.frontend.Loudness}; empty if it
 *     is not known
 */
public record SpeechFrames(
        long firstFrame,
        long[] best,
        float[] bestLogProbabilities,
        List<Emission> emissions,
        Beams beams,
        float[] embedding,
        byte[] levels) {

    private static final float[] NONE = {};
    private static final byte[] UNKNOWN = {};

    /** Without an embedding and levels. */
    public SpeechFrames(
            long firstFrame, long[] best, float[] bestLogProbabilities, List<Emission> emissions, Beams beams) {
        this(firstFrame, best, bestLogProbabilities, emissions, beams, NONE, UNKNOWN);
    }

    /** Without a beam search, an embedding and levels. */
    public SpeechFrames(long firstFrame, long[] best, float[] bestLogProbabilities, List<Emission> emissions) {
        this(firstFrame, best, bestLogProbabilities, emissions, null);
    }
}
