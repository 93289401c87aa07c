package io.millrace.operators.alert;

import java.io.Serializable;
import java.time.Duration;

import org.apiguardian.api.API;

/**
 * When alerts open and close.
 *
 * @param openAfter observations of one entity and kind that make an alert, each counted by its {@linkplain
 *     AlertSource#weight weight}; with 1 any one does
 * @param within event time within which those observations must lie
 * @param closeAfter event time without an observation after which an alert closes; zero for an alert that is over as soon
 *     as there is one, so that nothing more is folded into it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlertPolicy(int openAfter, Duration within, Duration closeAfter) implements Serializable {

    /** Three observations within five minutes open an alert, ten quiet minutes close it. */
    public static final AlertPolicy DEFAULT = new AlertPolicy(3, Duration.ofMinutes(5), Duration.ofMinutes(10));

    /** Each observation is an alert of its own. */
    public static final AlertPolicy EACH = new AlertPolicy(1, Duration.ofMinutes(5), Duration.ZERO);

    public AlertPolicy {
        if (openAfter < 1) {
            throw new IllegalArgumentException("alerts.open-after must be at least 1, got " + openAfter);
        }
        if (within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("alerts.within must be positive, got " + within);
        }
        if (closeAfter.isNegative()) {
            throw new IllegalArgumentException("alerts.close-after must not be negative, got " + closeAfter);
        }
    }

    /** Whether an alert is over as soon as there is one. */
    boolean closesAtOnce() {
        return closeAfter.isZero();
    }
}
