package io.millrace.models.speech.decoding;

/**
 * How a beam search went on through some frames. After each frame there are K hypotheses, the best first; each comes
 * from one of those before the frame and adds at most S tokens to it.
 *
 * @param width K
 * @param symbols S
 * @param parents for each frame the K hypotheses that those after it come from, [T, K]
 * @param tokens the tokens added, -1 for none, [T, K, S]
 * @param logProbabilities their log-probabilities, [T, K, S]
 */
public record Beams(int width, int symbols, int[] parents, int[] tokens, float[] logProbabilities) {

    /** No token. */
    static final int NONE = -1;

    /** Number of frames. */
    public int frames() {
        return parents.length / width;
    }
}
