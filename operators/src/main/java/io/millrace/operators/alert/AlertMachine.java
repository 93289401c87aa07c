package io.millrace.operators.alert;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;

/**
 * How the alerts of one entity and kind open, are revised and close: no state of its own, no Flink. An alert is opened
 * once enough observations lie close together in event time, revised when their number reaches 10, 100, 1000 and so on,
 * closed when none has come for a while.
 *
 * <p>An observation after the quiet time ends the old alert and starts on another, whether or not {@link #passed} was
 * told of the quiet time. So what is sent depends on the event times and the order of the observations alone.
 */
final class AlertMachine {

    /** What an observation counts for at least, so that only so many wait for company. */
    static final double LEAST_WEIGHT = 0.1;

    /** Sums of weights are equal to so much. */
    private static final double ROUNDING = 1e-9;

    private final AlertPolicy policy;
    private final AlertSource<?> source;

    AlertMachine(AlertPolicy policy, AlertSource<?> source) {
        this.policy = policy;
        this.source = source;
    }

    /**
     * Takes an observation.
     *
     * @param state what is known; changed
     * @param came event time in milliseconds at which it counts as activity: its own, or the watermark if it is late
     * @param now wall clock
     * @param out takes the revisions
     */
    void observe(AlertState state, Alert one, long came, Instant now, Consumer<Alert> out) {
        if (state.alert != null && one.getEventTime().toEpochMilli() > forgottenAt(state)) {
            send(state, AlertStatus.CLOSED, now, out);
            state.clear();
        }
        if (state.alert != null) {
            AlertFolding.fold(state, one, source.evidence());
            if (isPowerOfTen(state.alert.getCount())) {
                send(state, AlertStatus.UPDATED, now, out);
            }
        } else if (gather(state, one)) {
            if (policy.closesAtOnce()) {
                send(state, AlertStatus.CLOSED, now, out);
                state.clear();
                return;
            }
            send(state, AlertStatus.OPEN, now, out);
        }
        state.activeUntil = Math.max(state.activeUntil, came);
    }

    /**
     * Takes notice that event time has gone on to {@code time}, in milliseconds.
     *
     * @return whether that ends what is known: it is then forgotten
     */
    boolean passed(AlertState state, long time, Instant now, Consumer<Alert> out) {
        if (forgottenAt(state) > time) {
            return false;
        }
        if (state.alert != null) {
            send(state, AlertStatus.CLOSED, now, out);
        }
        state.clear();
        return true;
    }

    /** Event time in milliseconds past which nothing that comes can belong to what is known. */
    long forgottenAt(AlertState state) {
        long quiet = (state.alert == null ? policy.within() : policy.closeAfter()).toMillis();
        return state.activeUntil > Long.MAX_VALUE - quiet ? Long.MAX_VALUE : state.activeUntil + quiet;
    }

    /**
     * Adds an observation to those that wait for company and forgets the ones too old to count with the newest.
     *
     * @return whether they are enough for an alert, which then holds them all
     */
    private boolean gather(AlertState state, Alert one) {
        List<Alert> pending = state.pending;
        int at = pending.size();
        while (at > 0 && pending.get(at - 1).getEventTime().isAfter(one.getEventTime())) {
            at--;
        }
        pending.add(at, one);
        Instant oldest = pending.get(pending.size() - 1).getEventTime().minus(policy.within());
        pending.removeIf(earlier -> earlier.getEventTime().isBefore(oldest));
        if (!isEnough(pending)) {
            return false;
        }
        state.alert = AlertFolding.begin(pending.get(0));
        pending.forEach(each -> AlertFolding.fold(state, each, source.evidence()));
        pending.clear();
        return true;
    }

    private boolean isEnough(List<Alert> pending) {
        if (policy.openAfter() == 1) {
            return true;
        }
        double sum = 0;
        for (Alert each : pending) {
            sum += Math.max(LEAST_WEIGHT, source.weight(each));
        }
        return sum >= policy.openAfter() - ROUNDING;
    }

    private void send(AlertState state, AlertStatus status, Instant now, Consumer<Alert> out) {
        Alert alert = state.alert;
        alert.setRevision(alert.getRevision() + 1);
        alert.setStatus(status);
        out.accept(AlertFolding.sent(alert, source, now));
    }

    /** Whether a count is worth another revision: 10, 100, 1000, ... */
    static boolean isPowerOfTen(long count) {
        long power = 10;
        while (power < count) {
            power *= 10;
        }
        return power == count;
    }
}
