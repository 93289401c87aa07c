package io.millrace.connectors.media;

import java.time.Duration;

/**
 * How much of an input is taken. What goes beyond a limit ends with a {@link MediaFormatException} that names it; what was
 * read until then stands.
 *
 * @param bytes most bytes that are read, 1 or more
 * @param duration longest sound that is decoded, more than nothing
 * @param probeBytes most bytes that are looked at to tell the format, {@value #MIN_PROBE} or more
 */
public record MediaLimits(long bytes, Duration duration, int probeBytes) {
    /** Fewest bytes that a format can be told from. */
    public static final int MIN_PROBE = 2048;

    /** 64 GiB, 24 hours, and what ffmpeg itself looks at: 5 MB. */
    public static final MediaLimits STANDARD = new MediaLimits(1L << 36, Duration.ofHours(24), 5_000_000);

    /** Checks the figures. */
    public MediaLimits {
        if (bytes < 1) {
            throw new IllegalArgumentException("a limit of " + bytes + " bytes leaves nothing to read");
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a limit of " + duration + " leaves nothing to decode");
        }
        if (probeBytes < MIN_PROBE) {
            throw new IllegalArgumentException(
                    "a format cannot be told from " + probeBytes + " bytes: " + MIN_PROBE + " are the fewest");
        }
    }

    /** These limits with another duration. */
    public MediaLimits within(Duration longest) {
        return new MediaLimits(bytes, longest, probeBytes);
    }

    /** These limits with another number of bytes. */
    public MediaLimits within(long most) {
        return new MediaLimits(most, duration, probeBytes);
    }
}
