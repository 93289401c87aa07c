package io.millrace.connectors.media;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What samples without any header are, which nobody can see from them.
 *
 * @param coding one of {@link #codings()}, named as by ffmpeg: sign, bits and order of the bytes, or a codec of telephony
 * @param sampleRate samples a second of one channel, 1 to {@value AudioTrack#MAX_RATE}
 * @param channels channels, interleaved, 1 to {@value AudioTrack#MAX_CHANNELS}
 */
public record RawAudio(String coding, int sampleRate, int channels) {
    private static final Set<String> CODINGS = Set.of(
            "u8", "s8", "s16le", "s16be", "s24le", "s24be", "s32le", "s32be", "f32le", "f32be", "f64le", "f64be",
            "mulaw", "alaw", "g722", "gsm");

    /** Codings whose stream has one rate or one channel and no way to say another. */
    private static final Set<String> FIXED = Set.of("g722", "gsm");

    /** Checks the coding and the figures. */
    public RawAudio {
        if (!CODINGS.contains(coding)) {
            throw new IllegalArgumentException("no coding of raw audio: '" + coding + "', only " + codings());
        }
        if (sampleRate < 1 || sampleRate > AudioTrack.MAX_RATE) {
            throw new IllegalArgumentException(
                    "sample rate " + sampleRate + " is not within 1 to " + AudioTrack.MAX_RATE);
        }
        if (channels < 1 || channels > AudioTrack.MAX_CHANNELS) {
            throw new IllegalArgumentException(channels + " channels are not within 1 to " + AudioTrack.MAX_CHANNELS);
        }
        int only = coding.equals("gsm") ? 8000 : coding.equals("g722") ? 16_000 : sampleRate;
        if (sampleRate != only || FIXED.contains(coding) && channels != 1) {
            throw new IllegalArgumentException(coding + " has one channel at " + only + " Hz");
        }
    }

    /** The codings there are, in order of their names. */
    public static Set<String> codings() {
        return new TreeSet<>(CODINGS);
    }

    /**
     * Reads CODING:RATE or CODING:RATE:CHANNELS, for example s16le:16000.
     *
     * @throws IllegalArgumentException if it is neither, or names what there is not
     */
    public static RawAudio parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("raw audio is CODING:RATE or CODING:RATE:CHANNELS, not '" + text + "'");
        }
        try {
            int channels = parts.length == 3 ? Integer.parseInt(parts[2]) : 1;
            return new RawAudio(parts[0].toLowerCase(Locale.ROOT), Integer.parseInt(parts[1]), channels);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("raw audio: a rate and channels are numbers, in '" + text + "'", e);
        }
    }
}
