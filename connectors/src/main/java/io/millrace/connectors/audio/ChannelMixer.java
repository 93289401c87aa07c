package io.millrace.connectors.audio;

/**
 * Gives the chosen channels of blocks, and notices channels that cancel each other when they are mixed, as those of a balanced
 * line on two inputs do: their mean is far below any of them. For one thread.
 */
final class ChannelMixer {
    /** The mean's power against that of the channels at which they cancel each other: -20 dB. */
    private static final double CANCELLED = 0.01;
    /** Power below which a channel says nothing: -60 dB of full scale. */
    private static final double AUDIBLE = 1e-6;
    /** Sound that is judged at once, seconds. */
    private static final double JUDGED_SECONDS = 0.5;

    private final ChannelChoice choice;
    private final int judged;
    private double power;
    private double mixedPower;
    private int samples;
    private boolean cancels;

    ChannelMixer(ChannelChoice choice, int sampleRate) {
        this.choice = choice;
        judged = (int) Math.max(1, JUDGED_SECONDS * sampleRate);
    }

    /** The chosen channels of a block. */
    float[][] chosen(float[][] block) {
        return switch (choice.kind()) {
            case EACH -> block;
            case ONE -> new float[][] {block[choice.channel()]};
            case MIX -> block.length == 1 ? block : new float[][] {mixed(block)};
        };
    }

    private float[] mixed(float[][] block) {
        float[] mean = new float[block[0].length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            double squares = 0;
            for (float[] channel : block) {
                sum += channel[i];
                squares += (double) channel[i] * channel[i];
            }
            mean[i] = (float) (sum / block.length);
            judge(squares / block.length, (double) mean[i] * mean[i]);
        }
        return mean;
    }

    private void judge(double channelPower, double meanPower) {
        power += channelPower;
        mixedPower += meanPower;
        if (++samples == judged) {
            cancels |= power / samples > AUDIBLE && mixedPower < CANCELLED * power;
            power = 0;
            mixedPower = 0;
            samples = 0;
        }
    }

    /** Whether there was half a second in which the channels cancelled each other. */
    boolean cancels() {
        return cancels;
    }
}
