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
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Folds the attack detections of one entity and kind into one alert: opened after a few detections, revised when their
 * number reaches 10, 100, 1000 and so on, closed when none has come for a while. Revisions carry the same id.
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
        AlertState alert = state.value();
        boolean stale = alert != null
                && !alert.open
                && detection.getEventTime().isAfter(alert.alert.getFirstSeen().plus(policy.within()));
        if (alert == null || stale) {
            alert = AlertFolding.begin(detection.getKey(), detection);
            if (!stale) {
                context.timerService()
                        .registerEventTimeTimer(detection
                                .getEventTime()
                                .plus(policy.closeAfter())
                                .toEpochMilli());
            }
        } else {
            AlertFolding.fold(alert, detection);
        }
        long count = alert.alert.getCount();
        if (!alert.open && count >= policy.openAfter()) {
            alert.open = true;
            out.collect(AlertFolding.revise(alert, AlertStatus.OPEN, now(context)));
        } else if (alert.open && AlertFolding.isPowerOfTen(count)) {
            out.collect(AlertFolding.revise(alert, AlertStatus.UPDATED, now(context)));
        }
        state.update(alert);
    }

    private static Instant now(Context context) {
        return Instant.ofEpochMilli(context.timerService().currentProcessingTime());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out) throws Exception {
        AlertState alert = state.value();
        if (alert == null) {
            return;
        }
        long quietAt = alert.alert.getLastSeen().plus(policy.closeAfter()).toEpochMilli();
        if (quietAt > timestamp) {
            context.timerService().registerEventTimeTimer(quietAt);
            return;
        }
        if (alert.open) {
            out.collect(AlertFolding.revise(alert, AlertStatus.CLOSED, now(context)));
        }
        state.clear();
    }
}
