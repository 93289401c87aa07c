package io.millrace.operators.alert;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Folds what a stage observes of one entity and kind into one alert, for any stage: {@link AlertMachine} says when it
 * opens, is revised and closes, {@link AlertSource} what the stage's records give notice of. Revisions carry the same
 * id. To be keyed by {@link AlertSource#entity}; each kind has a state of its own.
 *
 * <p>What is sent for an entity depends on the event times and the order of its records alone, never on when watermarks
 * pass. So a replay sends the same revisions again, but for the wall-clock time that they bear.
 *
 * <p>An observation that is behind the watermark is folded in as well, and counts as activity at the watermark it came
 * at; only for such ones does the result depend on the watermark.
 *
 * @param <T> record of the stage
 */
public final class AlertCorrelator<T> extends KeyedProcessFunction<String, T, Alert> {

    private final AlertPolicy policy;
    private final AlertSource<T> source;

    private transient AlertMachine machine;
    private transient MapState<String, AlertState> states;
    private transient Counter opened;
    private transient Counter updated;
    private transient Counter closed;

    public AlertCorrelator(AlertPolicy policy, AlertSource<T> source) {
        this.policy = policy;
        this.source = source;
    }

    @Override
    public void open(OpenContext context) {
        machine = new AlertMachine(policy, source);
        states = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("alerts", Types.STRING, TypeInformation.of(AlertState.class)));
        MetricGroup group = getRuntimeContext().getMetricGroup().addGroup("alerts");
        opened = group.counter("opened");
        updated = group.counter("updated");
        closed = group.counter("closed");
    }

    @Override
    public void processElement(T record, Context context, Collector<Alert> out) throws Exception {
        Instant now = now(context);
        TimerService timers = context.timerService();
        for (Alert one : source.observations(record)) {
            AlertState known = states.get(one.getKind());
            AlertState state = known == null ? new AlertState() : known;
            // An observation that is on time is ahead of the watermark: its own time counts.
            long came = Math.max(one.getEventTime().toEpochMilli(), timers.currentWatermark());
            machine.observe(state, one, came, now, alert -> send(alert, out));
            if (!state.isEmpty()) {
                watch(one.getKind(), state, timers);
                states.put(one.getKind(), state);
            } else if (known != null) {
                release(one.getKind(), state, timers);
                states.remove(one.getKind());
            }
        }
        long until = source.observedUntil(record);
        if (until != Long.MIN_VALUE) {
            for (Map.Entry<String, AlertState> entry : known().entrySet()) {
                if (machine.passed(entry.getValue(), until, now, alert -> send(alert, out))) {
                    release(entry.getKey(), entry.getValue(), timers);
                    states.remove(entry.getKey());
                }
            }
        }
    }

    /** The states of the entity, by kind, in an order that does not depend on the state backend. */
    private Map<String, AlertState> known() throws Exception {
        Map<String, AlertState> known = new TreeMap<>();
        for (Map.Entry<String, AlertState> entry : states.entries()) {
            known.put(entry.getKey(), entry.getValue());
        }
        return known;
    }

    /** Sees to it that a timer looks at the state in time. One that comes too early sets the next. */
    private void watch(String kind, AlertState state, TimerService timers) throws Exception {
        long due = machine.forgottenAt(state);
        if (state.timer == AlertState.NO_TIMER || due < state.timer) {
            release(kind, state, timers);
            timers.registerEventTimeTimer(due);
            state.timer = due;
        }
    }

    /** Where no watermark comes, a timer that is not needed any more would stay for ever. */
    private void release(String kind, AlertState state, TimerService timers) throws Exception {
        if (state.timer == AlertState.NO_TIMER) {
            return;
        }
        boolean shared = known().entrySet().stream()
                .anyMatch(other -> !other.getKey().equals(kind) && other.getValue().timer == state.timer);
        if (!shared) {
            timers.deleteEventTimeTimer(state.timer);
        }
        state.timer = AlertState.NO_TIMER;
    }

    private void send(Alert alert, Collector<Alert> out) {
        if (alert.getRevision() == 0) {
            opened.inc();
        } else if (alert.getStatus() == AlertStatus.UPDATED) {
            updated.inc();
        }
        if (alert.getStatus() == AlertStatus.CLOSED) {
            closed.inc();
        }
        out.collect(alert);
    }

    private static Instant now(KeyedProcessFunction<?, ?, ?>.Context context) {
        return Instant.ofEpochMilli(context.timerService().currentProcessingTime());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        Instant now = now(context);
        for (Map.Entry<String, AlertState> entry : known().entrySet()) {
            AlertState state = entry.getValue();
            if (state.timer != timestamp) {
                continue;
            }
            if (machine.passed(state, timestamp, now, alert -> send(alert, out))) {
                states.remove(entry.getKey());
            } else {
                state.timer = AlertState.NO_TIMER;
                watch(entry.getKey(), state, context.timerService());
                states.put(entry.getKey(), state);
            }
        }
    }
}
