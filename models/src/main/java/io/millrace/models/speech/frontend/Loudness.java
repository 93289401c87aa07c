package io.millrace.models.speech.frontend;

/** How loud log-mel frames are: what of a stream's features is kept to tell where its words begin and end. */
public final class Loudness {

    /** Steps of a decibel. */
    public static final int STEPS = 2;

    private static final double DECIBELS = 10 / Math.log(10);

    private Loudness() {}

    /**
     * The sum of the energies of all bands of each frame, in half decibels, -64 to 63.5 dB.
     *
     * @param mel natural logarithms of energies, frame after frame
     * @param from first frame
     * @param to behind the last frame
     */
    public static byte[] of(float[] mel, int bands, int from, int to) {
        byte[] levels = new byte[Math.max(0, to - from)];
        for (int t = 0; t < levels.length; t++) {
            double energy = 0;
            for (int i = (from + t) * bands; i < (from + t + 1) * bands; i++) {
                energy += Math.exp(mel[i]);
            }
            long steps = Math.round(STEPS * DECIBELS * Math.log(energy));
            levels[t] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, steps));
        }
        return levels;
    }
}
