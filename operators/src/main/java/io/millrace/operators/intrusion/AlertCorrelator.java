package io.millrace.operators.intrusion;

import java.time.Instant;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;
import io.millrace.schemas.Detection;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Folds the attack detections of one entity and kind into one alert: opened once enough of them lie close together in
 * event time, revised when their number reaches 10, 100, 1000 and so on, closed when none has come for a while.
 * Revisions carry the same id.
 *
 * <p>What is sent for a key depends on the event times and the order of its detections alone, never on when watermarks
 * pass: a detection after the quiet time ends the old alert and starts on another, whether or not a timer has seen the
 * quiet time pass. So a replay sends the same revisions again, but for the wall-clock time that they bear.
 *
 * <p>Detections of one entity come in the order of event time from an ordered {@link FlowAssembler}. One that is behind
 * the watermark is folded in as well, and counts as activity at the watermark it came at; only for such detections does
 * the result depend on the watermark.
 */
public final class AlertCorrelator extends KeyedProcessFunction<String, Detection, Alert> {

    /** Key of detections: the entity and the kind of activity. */
    public static final KeySelector<Detection, String> KEY = new EntityAndKind();

    private static final class EntityAndKind implements KeySelector<Detection, String> {
        @Override
        public String getKey(Detection detection) {
            return detection.getKey() + '|' + detection.getKind();
        }
    }

    private final AlertPolicy policy;
    private transient ValueState<AlertState> state;

    public AlertCorrelator(AlertPolicy policy) {
        this.policy = policy;
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(new ValueStateDescriptor<>("alert", TypeInformation.of(AlertState.class)));
    }

    @Override
    public void processElement(Detection detection, Context context, Collector<Alert> out) throws Exception {
        AlertState current = state.value();
        if (current == null) {
            current = new AlertState();
        }
        long time = detection.getEventTime().toEpochMilli();
        if (current.alert != null && time > forgottenAt(current)) {
            out.collect(AlertFolding.revise(current, AlertStatus.CLOSED, now(context)));
            long timer = current.timer;
            current = new AlertState();
            current.timer = timer;
        }
        if (current.alert == null) {
            if (AlertFolding.gather(current, detection, policy)) {
                out.collect(AlertFolding.revise(current, AlertStatus.OPEN, now(context)));
            }
        } else {
            AlertFolding.fold(current, detection);
            if (AlertFolding.isPowerOfTen(current.alert.getCount())) {
                out.collect(AlertFolding.revise(current, AlertStatus.UPDATED, now(context)));
            }
        }
        // A detection that is on time is ahead of the watermark: its own time counts.
        long came = Math.max(time, context.timerService().currentWatermark());
        current.activeUntil = Math.max(current.activeUntil, came);
        watch(current, context.timerService());
        state.update(current);
    }

    /** Event time past which nothing that comes can belong to what is known of the key. */
    private long forgottenAt(AlertState current) {
        long quiet = (current.alert == null ? policy.within() : policy.closeAfter()).toMillis();
        return current.activeUntil > Long.MAX_VALUE - quiet ? Long.MAX_VALUE : current.activeUntil + quiet;
    }

    /** Sees to it that a timer looks at the state in time. One that comes too early sets the next. */
    private void watch(AlertState current, TimerService timers) {
        long due = forgottenAt(current);
        if (current.timer == AlertState.NO_TIMER || due < current.timer) {
            timers.registerEventTimeTimer(due);
            current.timer = due;
        }
    }

    private static Instant now(Context context) {
        return Instant.ofEpochMilli(context.timerService().currentProcessingTime());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        AlertState current = state.value();
        if (current == null || timestamp != current.timer) {
            return;
        }
        if (forgottenAt(current) > timestamp) {
            current.timer = AlertState.NO_TIMER;
            watch(current, context.timerService());
            state.update(current);
            return;
        }
        if (current.alert != null) {
            out.collect(AlertFolding.revise(current, AlertStatus.CLOSED, now(context)));
        }
        state.clear();
    }
}
