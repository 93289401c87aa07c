package io.millrace.operators.eventtime;

import java.util.List;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Runs a keyed function that waits for event time, and keeps two promises that Flink's own operator does not:
 *
 * <ul>
 *   <li>Time comes to its end with the input. A source that is idle when it ends, or when its job is stopped with a
 *       drain, has its last watermark dropped on the way; what the function holds would stay in its state, unanswered.
 *       At the end of input all timers fire here, idle or not.
 *   <li>Time goes on after a restore where it stood at the checkpoint, so a record that was late is late again. After a
 *       rescale it goes on where the slowest subtask stood.
 * </ul>
 *
 * @param <K> key
 * @param <IN> record
 * @param <OUT> result
 */
public final class EventTimeOperator<K, IN, OUT> extends KeyedProcessOperator<K, IN, OUT> implements BoundedOneInput {

    private static final ListStateDescriptor<Long> REACHED =
            new ListStateDescriptor<>("event-time-reached", Types.LONG);

    private transient ListState<Long> saved;
    private transient long reached;
    private transient long announced;

    public EventTimeOperator(KeyedProcessFunction<K, IN, OUT> function) {
        super(function);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        saved = context.getOperatorStateStore().getUnionListState(REACHED);
        announced = Long.MIN_VALUE;
        reached = Long.MIN_VALUE;
        if (context.isRestored()) {
            long slowest = Long.MAX_VALUE;
            for (long subtask : saved.get()) {
                slowest = Math.min(slowest, subtask);
            }
            reached = slowest == Long.MAX_VALUE ? Long.MIN_VALUE : slowest;
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        if (reached != Long.MIN_VALUE) {
            timeServiceManager.advanceWatermark(new Watermark(reached));
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long time = Math.max(mark.getTimestamp(), reached);
        if (time <= announced) {
            return;
        }
        announced = time;
        // The end of time is not kept: a job that goes on from a drained savepoint would find everything late.
        if (time != Long.MAX_VALUE) {
            reached = time;
        }
        super.processWatermark(new Watermark(time));
    }

    @Override
    public void endInput() throws Exception {
        if (announced != Long.MAX_VALUE) {
            output.emitWatermarkStatus(WatermarkStatus.ACTIVE);
            processWatermark(Watermark.MAX_WATERMARK);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        saved.update(List.of(reached));
    }
}
