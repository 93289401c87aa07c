package io.millrace.operators.intrusion;

import java.util.List;

import io.millrace.operators.alert.AlertSource;
import io.millrace.schemas.Alert;
import io.millrace.schemas.Detection;
import io.millrace.schemas.Severity;

/** Alerts of intrusion for which every detection counts alike, however sure it is: for tests of how alerts open. */
final class EachAlike implements AlertSource<Detection> {

    private final IntrusionAlerts alerts = new IntrusionAlerts();

    @Override
    public String entity(Detection detection) {
        return alerts.entity(detection);
    }

    @Override
    public List<Alert> observations(Detection detection) {
        return alerts.observations(detection);
    }

    @Override
    public Severity severity(Alert alert) {
        return alerts.severity(alert);
    }

    @Override
    public String summary(Alert alert) {
        return alerts.summary(alert);
    }
}
