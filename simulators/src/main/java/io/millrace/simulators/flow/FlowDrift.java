package io.millrace.simulators.flow;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A change of the stream at a point of stream time.
 *
 * @param at stream time since the start
 * @param kind what changes
 * @param share part of the traffic concerned that changes, in (0, 1]
 */
public record FlowDrift(Duration at, DriftKind kind, double share) {
    /** Share used when none is given. */
    public static final double DEFAULT_SHARE = 0.5;

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");

    public FlowDrift {
        if (at.isNegative()) {
            throw new IllegalArgumentException("drift time must not be negative: " + at);
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("drift share must be in (0, 1]: " + share);
        }
    }

    /**
     * Reads {@code at=5m[,kind=KIND][,share=0.5]}; the kind is {@link DriftKind#NEW_APPLICATION} when left out.
     *
     * @throws IllegalArgumentException with one clear line
     */
    public static FlowDrift parse(String text) {
        Duration at = null;
        DriftKind kind = DriftKind.NEW_APPLICATION;
        double share = DEFAULT_SHARE;
        for (String part : text.split(",")) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? part.trim() : part.substring(0, equals).trim();
            String value = equals < 0 ? "" : part.substring(equals + 1).trim();
            switch (key) {
                case "at" -> at = parseDuration(value);
                case "kind" -> kind = DriftKind.parse(value);
                case "share" -> share = parseShare(value);
                default ->
                    throw new IllegalArgumentException(
                            "unknown part '" + part + "' in drift; use at=5m,kind=KIND,share=0.5");
            }
        }
        if (at == null) {
            throw new IllegalArgumentException("drift needs a time, for example at=5m");
        }
        return new FlowDrift(at, kind, share);
    }

    /**
     * Reads a duration such as {@code 500ms}, {@code 60s}, {@code 5m}, {@code 1.5h} or {@code 2d}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration: '" + text + "'; use for example 500ms, 60s, 5m, 2h");
        }
        double unitMillis =
                switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    default -> 86_400_000;
                };
        return Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * unitMillis));
    }

    private static double parseShare(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a share: '" + value + "'", e);
        }
    }
}
