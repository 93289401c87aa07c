package io.millrace.jobs.demo;

import java.util.Locale;

import io.millrace.schemas.Alert;

/** A new alert of any stage as the demo shows it. */
public final class AlertLine {

    private AlertLine() {}

    public static String of(Alert alert) {
        return String.format(Locale.ROOT, "ALERT %-8s %s", alert.getSeverity(), alert.getSummary());
    }
}
