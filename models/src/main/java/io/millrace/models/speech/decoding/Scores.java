package io.millrace.models.speech.decoding;

/** Arithmetic of hypotheses: natural logarithms of probabilities, and numbers that tell texts apart. */
final class Scores {

    /** Less than the score of anything that can be. */
    static final float NEVER = -1e30f;

    private Scores() {}

    /** The logarithm of the sum of two probabilities. */
    static double sum(double a, double b) {
        double most = Math.max(a, b);
        return most <= NEVER ? NEVER : most + Math.log1p(Math.exp(Math.min(a, b) - most));
    }

    /** A score as it is stored. */
    static float kept(double score) {
        return (float) Math.max(NEVER, score);
    }

    /** The number of a text with one token more; 64 bits, so that no two texts of a beam share one. */
    static long text(long text, int token) {
        long mixed = (text + token + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return mixed ^ (mixed >>> 29);
    }
}
