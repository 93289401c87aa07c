package io.millrace.operators.intrusion;

import java.io.Serializable;
import java.time.Duration;

/**
 * When alerts open and close.
 *
 * @param openAfter detections of one entity and kind that make an alert
 * @param within event time within which those detections must lie
 * @param closeAfter event time without a detection after which an alert closes
 */
public record AlertPolicy(int openAfter, Duration within, Duration closeAfter) implements Serializable {

    /** Three detections within five minutes open an alert, ten quiet minutes close it. */
    public static final AlertPolicy DEFAULT = new AlertPolicy(3, Duration.ofMinutes(5), Duration.ofMinutes(10));

    public AlertPolicy {
        if (openAfter < 1) {
            throw new IllegalArgumentException("alerts.open-after must be at least 1, got " + openAfter);
        }
        if (within.isNegative() || within.isZero() || closeAfter.isNegative() || closeAfter.isZero()) {
            throw new IllegalArgumentException(
                    "alerts.within and alerts.close-after must be positive, got " + within + " and " + closeAfter);
        }
    }
}
