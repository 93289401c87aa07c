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

    /** Whether every log-probability of a token that was added is finite. */
    public boolean isFinite() {
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] != NONE && !Float.isFinite(logProbabilities[i])) {
                return false;
            }
        }
        return true;
    }

    /** Number of frames. */
    public int frames() {
        return parents.length / width;
    }
}
