package io.millrace.operators.eventtime;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Runs a keyed function that waits for event time, and keeps promises that Flink's own operator does not:
 *
 * <ul>
 *   <li>Time comes to its end with the input. A source that is idle when it ends, or when its job is stopped with a
 *       drain, has its last watermark dropped on the way; what the function holds would stay in its state, unanswered.
 *       At the end of input all timers fire here, idle or not. What they give bears the last real event time, not the
 *       end of time, which is no time that a topic takes.
 *   <li>Time goes on after a restore where it stood at the checkpoint, so a record that was late is late again. After a
 *       rescale it goes on where the slowest subtask stood.
 *   <li>Time is never ahead of the clock, whatever comes or was saved: a state from when it was heals with its restore.
 * </ul>
 *
 * <p>The gauge {@code watermarkAheadOfClockMillis} tells how far the latest watermark that came is ahead of the clock.
 *
 * @param <K> key
 * @param <IN> record
 * @param <OUT> result
 */
public final class EventTimeOperator<K, IN, OUT> extends KeyedProcessOperator<K, IN, OUT> implements BoundedOneInput {

    private static final ListStateDescriptor<Long> REACHED =
            new ListStateDescriptor<>("event-time-reached", Types.LONG);
    private static final ListStateDescriptor<Long> SEEN = new ListStateDescriptor<>("event-time-seen", Types.LONG);

    private final long disorderMillis;
    private final Clock clock;

    private transient ListState<Long> savedReached;
    private transient ListState<Long> savedSeen;
    private transient long reached;
    private transient long seen;
    private transient long announced;
    private transient volatile long latestMark;

    /** The system's clock; records in order. */
    public EventTimeOperator(KeyedProcessFunction<K, IN, OUT> function) {
        this(function, Duration.ZERO, Clock.systemUTC());
    }

    /**
     * Creates the operator.
     *
     * @param disorder how far the watermarks of the stream lie behind its latest record
     * @param clock the wall clock, which must be serializable
     */
    public EventTimeOperator(KeyedProcessFunction<K, IN, OUT> function, Duration disorder, Clock clock) {
        super(function);
        this.disorderMillis = disorder.toMillis();
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        savedReached = context.getOperatorStateStore().getUnionListState(REACHED);
        savedSeen = context.getOperatorStateStore().getUnionListState(SEEN);
        announced = Long.MIN_VALUE;
        latestMark = Long.MIN_VALUE;
        reached = Long.MIN_VALUE;
        seen = Long.MIN_VALUE;
        if (context.isRestored()) {
            long slowest = Long.MAX_VALUE;
            for (long subtask : savedReached.get()) {
                slowest = Math.min(slowest, subtask);
            }
            reached = slowest == Long.MAX_VALUE ? Long.MIN_VALUE : Math.min(slowest, latestPossible());
            for (long subtask : savedSeen.get()) {
                seen = Math.max(seen, subtask);
            }
        }
    }

    /** The farthest that a watermark of records of up to now can be. */
    private long latestPossible() {
        return clock.millis() - disorderMillis - 1;
    }

    @Override
    public void open() throws Exception {
        output = new LastRealTime<>(output, this::lastRealTime);
        super.open();
        getMetricGroup().gauge("watermarkAheadOfClockMillis", (Gauge<Long>) this::aheadOfClock);
        if (reached != Long.MIN_VALUE) {
            timeServiceManager.advanceWatermark(new Watermark(reached));
        }
    }

    private long lastRealTime() {
        return Math.min(Math.max(seen, reached), clock.millis());
    }

    private long aheadOfClock() {
        long mark = latestMark;
        return mark == Long.MAX_VALUE || mark == Long.MIN_VALUE ? 0 : Math.max(0, mark - clock.millis());
    }

    @Override
    public void processElement(StreamRecord<IN> record) throws Exception {
        if (record.hasTimestamp()) {
            seen = Math.max(seen, record.getTimestamp());
        }
        super.processElement(record);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        latestMark = mark.getTimestamp();
        boolean ends = latestMark == Long.MAX_VALUE;
        long time = Math.max(ends ? latestMark : Math.min(latestMark, clock.millis()), reached);
        if (time <= announced) {
            return;
        }
        announced = time;
        // The end of time is not kept: a job that goes on from a drained savepoint would find everything late.
        if (!ends) {
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
        savedReached.update(List.of(reached));
        savedSeen.update(List.of(seen));
    }
}
