package io.millrace.connectors.audio;

import io.millrace.connectors.media.MediaLimits;
import io.millrace.connectors.media.RawAudio;

/**
 * How an input is read.
 *
 * @param raw what its samples are where nothing in it says so; null to find out
 * @param channels which channels are given on
 * @param limits how much of it is read
 */
public record AudioOptions(RawAudio raw, ChannelChoice channels, MediaLimits limits) {
    /** What the input is has to be seen from it; each channel by itself. */
    public static final AudioOptions STANDARD = new AudioOptions(null, ChannelChoice.EACH, MediaLimits.STANDARD);

    /** The same with other channels. */
    public AudioOptions with(ChannelChoice choice) {
        return new AudioOptions(raw, choice, limits);
    }

    /** The same with samples of this kind and no header. */
    public AudioOptions with(RawAudio samples) {
        return new AudioOptions(samples, channels, limits);
    }

    /** The same with other limits. */
    public AudioOptions with(MediaLimits others) {
        return new AudioOptions(raw, channels, others);
    }
}
