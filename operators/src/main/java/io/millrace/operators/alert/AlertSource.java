package io.millrace.operators.alert;

import java.io.Serializable;
import java.util.List;

import io.millrace.schemas.Alert;
import io.millrace.schemas.Severity;
import org.apiguardian.api.API;

/**
 * What a stage says to {@link AlertCorrelator}: what its records give notice of, and how grave that is and how it reads
 * once it is folded. What it says depends on its arguments alone.
 *
 * @param <T> record that the stage has decided on
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface AlertSource<T> extends Serializable {

    /** Which evidence stays when observations are folded into one alert. */
    enum Evidence {
        /** Of each type of payload, that of the observation with the highest score that has any. */
        OF_THE_STRONGEST,
        /** That of every observation, as long as there is room. */
        OF_EACH
    }

    /** What the record is about. Records of one entity come in one order; alerts are folded by entity and kind. */
    String entity(T record);

    /**
     * What the record gives notice of: an alert of one observation each, as {@link Observation} begins them, with the
     * entity of the record. Most records give notice of nothing.
     */
    List<Alert> observations(T record);

    /**
     * For how many observations this one counts towards those that open an alert: more than 1 if it is surer than usual,
     * less if it is less sure. Less than {@value AlertMachine#LEAST_WEIGHT} counts as that.
     */
    default double weight(Alert observation) {
        return 1;
    }

    /**
     * Event time in milliseconds up to which the entity has been observed once this record is there: later ones of the
     * entity bear later times. {@link Long#MAX_VALUE} if no more will come, {@link Long#MIN_VALUE} where watermarks alone
     * say how far time has gone.
     */
    default long observedUntil(T record) {
        return Long.MIN_VALUE;
    }

    /** How much a folded alert matters. */
    Severity severity(Alert alert);

    /** A folded alert in one readable line. */
    String summary(Alert alert);

    /** Which evidence stays. */
    default Evidence evidence() {
        return Evidence.OF_THE_STRONGEST;
    }
}
