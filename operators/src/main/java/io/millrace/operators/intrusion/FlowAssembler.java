package io.millrace.operators.intrusion;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.millrace.models.intrusion.KeyHistory;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Puts the flows of a key in the order of their event time (end of flow, then start, then id) and adds what the key did
 * before. A flow waits until the watermark has passed it; one that comes after that is late and goes to a side output.
 *
 * <p>With a disorder of zero flows are taken as they arrive: no waiting, none is late.
 *
 * <p>A key is forgotten once it has been idle for the TTL. Whether it was is told by the event times of its flows; the
 * timers that free its state have no say in it. Run by an {@link io.millrace.operators.eventtime.EventTimeOperator},
 * every flow that waits is answered at the end of input.
 */
public final class FlowAssembler extends KeyedProcessFunction<String, FlowRecord, AssembledFlow> {

    private static final Comparator<FlowRecord> ORDER =
            Comparator.comparing(FlowRecord::getStartTime).thenComparing(FlowRecord::getFlowId);

    private final boolean ordered;
    private final int window;
    private final long ttlMillis;
    private final OutputTag<DeadLetter> late;

    private transient MapState<Long, List<FlowRecord>> waiting;
    private transient ValueState<HostState> host;
    private transient Counter lateFlows;
    private transient Counter hostsExpired;

    /**
     * Creates an assembler.
     *
     * @param disorder how far flows may be out of order, as the watermarks of the stream have it
     * @param window earlier flows named in an assembled flow, for evidence
     * @param ttl event time after which an idle key is forgotten; zero keeps it for ever
     * @param late side output of late flows
     */
    public FlowAssembler(Duration disorder, int window, Duration ttl, OutputTag<DeadLetter> late) {
        this.ordered = !disorder.isZero();
        this.window = window;
        this.ttlMillis = ttl.toMillis();
        this.late = late;
    }

    @Override
    public void open(OpenContext context) {
        waiting = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "flows-in-waiting", Types.LONG, Types.LIST(new AvroTypeInfo<>(FlowRecord.class))));
        host = getRuntimeContext().getState(new ValueStateDescriptor<>("host", HostState.TYPE));
        lateFlows = getRuntimeContext().getMetricGroup().counter("lateFlows");
        hostsExpired = getRuntimeContext().getMetricGroup().counter("hostsExpired");
    }

    @Override
    public void processElement(FlowRecord flow, Context context, Collector<AssembledFlow> out) throws Exception {
        long time = flow.getEndTime().toEpochMilli();
        if (!ordered) {
            assemble(time, List.of(flow), context, out);
            return;
        }
        if (time <= context.timerService().currentWatermark()) {
            giveUp(flow, context);
            return;
        }
        List<FlowRecord> sameTime = waiting.get(time);
        if (sameTime == null) {
            sameTime = new ArrayList<>(1);
            context.timerService().registerEventTimeTimer(time);
        }
        sameTime.add(flow);
        waiting.put(time, sameTime);
    }

    private void giveUp(FlowRecord flow, Context context) {
        lateFlows.inc();
        context.output(
                late,
                FlowDeadLetters.of(
                        flow,
                        "assemble",
                        DeadLetterReason.LATE,
                        "the flow ended at " + flow.getEndTime() + ", the stream had passed "
                                + Instant.ofEpochMilli(context.timerService().currentWatermark())));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<AssembledFlow> out) throws Exception {
        List<FlowRecord> due = ordered ? waiting.get(timestamp) : null;
        if (due != null) {
            waiting.remove(timestamp);
            due.sort(ORDER);
            assemble(timestamp, due, context, out);
        }
        HostState state = host.value();
        if (state == null || timestamp != state.expiryTimer) {
            return;
        }
        if (isExpired(state, timestamp + 1)) {
            host.clear();
            hostsExpired.inc();
        } else {
            watch(state, context);
            host.update(state);
        }
    }

    /** Whether a flow that ends at {@code time} meets the key as if for the first time. */
    private boolean isExpired(HostState state, long time) {
        return ttlMillis > 0 && time > state.lastTime + ttlMillis;
    }

    /** Adds flows that ended at {@code time}, in their order, to what the key did. */
    private void assemble(long time, List<FlowRecord> flows, Context context, Collector<AssembledFlow> out)
            throws Exception {
        HostState state = host.value();
        if (state == null) {
            state = new HostState();
        } else if (ordered && time <= state.lastTime) {
            // After a rescale time goes on where the slowest subtask stood, which this key may have been ahead of.
            flows.forEach(flow -> giveUp(flow, context));
            return;
        } else if (isExpired(state, time)) {
            state = HostState.startedAnew(state.expiryTimer);
            hostsExpired.inc();
        }
        KeyHistory history = state.history == null ? new KeyHistory() : KeyHistory.fromBytes(state.history);
        for (FlowRecord flow : flows) {
            double[] features = history.observe(FlowRows.context(flow));
            out.collect(new AssembledFlow(flow, features, state.sequence, state.ids, state.summaries));
            state.sequence++;
            state.ids = pushed(flow.getFlowId(), state.ids);
            state.summaries = pushed(FlowSummary.of(flow), state.summaries);
        }
        state.lastTime = Math.max(state.lastTime, time);
        state.history = history.toBytes();
        if (state.expiryTimer == HostState.NO_TIMER) {
            watch(state, context);
        }
        host.update(state);
    }

    private void watch(HostState state, Context context) {
        if (ttlMillis == 0) {
            state.expiryTimer = HostState.NO_TIMER;
            return;
        }
        state.expiryTimer = state.lastTime + ttlMillis;
        context.timerService().registerEventTimeTimer(state.expiryTimer);
    }

    private String[] pushed(String newest, String[] values) {
        String[] pushed = new String[Math.min(window, values.length + 1)];
        if (pushed.length > 0) {
            pushed[0] = newest;
            System.arraycopy(values, 0, pushed, 1, pushed.length - 1);
        }
        return pushed;
    }
}
