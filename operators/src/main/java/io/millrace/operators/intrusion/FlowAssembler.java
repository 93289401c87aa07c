package io.millrace.operators.intrusion;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.millrace.models.intrusion.FlowContext;
import io.millrace.models.intrusion.KeyHistory;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.FlowRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Puts the flows of a key in the order of their event time (end of flow, then start, then id) and adds what the key did
 * before. A flow waits until the watermark has passed it; one that comes after that is late and goes to a side output,
 * as does one that cannot be assembled.
 *
 * <p>With a disorder of zero flows are taken as they arrive: no waiting, none is late.
 *
 * <p>A key is forgotten once it has been idle for the TTL. Whether it was is told by the event times of its flows; the
 * timers that free its state have no say in it. Run by an {@link io.millrace.operators.eventtime.EventTimeOperator},
 * every flow that waits is answered at the end of input.
 */
public final class FlowAssembler extends KeyedProcessFunction<String, Traced<FlowRecord>, AssembledFlow>
        implements CheckpointedFunction {

    private final boolean ordered;
    private final int window;
    private final long ttlMillis;
    private final Clock clock;
    private final OutputTag<DeadLetter> unfit;

    private transient boolean restored;
    private transient WaitingFlows waiting;
    private transient ValueState<HostState> host;
    private transient Counter lateFlows;
    private transient Counter unfitFlows;
    private transient Counter hostsExpired;

    /**
     * Creates an assembler.
     *
     * @param disorder how far flows may be out of order, as the watermarks of the stream have it
     * @param window earlier flows named in an assembled flow, for evidence
     * @param ttl event time after which an idle key is forgotten; zero keeps it for ever
     * @param clock the wall clock, which must be serializable
     * @param unfit side output of flows that are late or cannot be assembled
     */
    public FlowAssembler(Duration disorder, int window, Duration ttl, Clock clock, OutputTag<DeadLetter> unfit) {
        this.ordered = !disorder.isZero();
        this.window = window;
        this.ttlMillis = ttl.toMillis();
        this.clock = clock;
        this.unfit = unfit;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        restored = context.isRestored();
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // All state is keyed.
    }

    @Override
    public void open(OpenContext context) {
        waiting = new WaitingFlows(getRuntimeContext(), restored);
        host = getRuntimeContext().getState(new ValueStateDescriptor<>("host", HostState.TYPE));
        lateFlows = getRuntimeContext().getMetricGroup().counter("lateFlows");
        unfitFlows = getRuntimeContext().getMetricGroup().counter("unfitFlows");
        hostsExpired = getRuntimeContext().getMetricGroup().counter("hostsExpired");
    }

    @Override
    public void processElement(Traced<FlowRecord> flow, Context context, Collector<AssembledFlow> out)
            throws Exception {
        long time = flow.record.getEndTime().toEpochMilli();
        if (!ordered) {
            assemble(time, List.of(flow), context, out);
        } else if (time <= context.timerService().currentWatermark()) {
            giveUpLate(flow, context);
        } else if (waiting.add(time, flow)) {
            context.timerService().registerEventTimeTimer(time);
        }
    }

    private void giveUpLate(Traced<FlowRecord> flow, Context context) {
        lateFlows.inc();
        giveUp(
                flow,
                DeadLetterReason.LATE,
                "the flow ended at " + flow.record.getEndTime() + ", the stream had passed "
                        + Instant.ofEpochMilli(context.timerService().currentWatermark()),
                context);
    }

    private void giveUp(Traced<FlowRecord> flow, DeadLetterReason reason, String message, Context context) {
        context.output(unfit, FlowDeadLetters.of(flow.record, flow.origin, "assemble", reason, message));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<AssembledFlow> out) throws Exception {
        List<Traced<FlowRecord>> due = ordered ? waiting.take(timestamp) : List.of();
        if (!due.isEmpty()) {
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

    /** The key as flows that end at {@code time} meet it; null if they come too late for it. */
    private HostState met(HostState known, long time, Context context) {
        if (known == null) {
            return new HostState();
        }
        if (ordered && time <= known.lastTime) {
            if (known.lastTime <= clock.millis()) {
                // After a rescale time goes on where the slowest subtask stood, which this key may have been ahead of.
                return null;
            }
            // From when a flow of a time to come was still believed.
            if (known.expiryTimer != HostState.NO_TIMER) {
                context.timerService().deleteEventTimeTimer(known.expiryTimer);
            }
            hostsExpired.inc();
            return new HostState();
        }
        if (isExpired(known, time)) {
            hostsExpired.inc();
            return HostState.startedAnew(known.expiryTimer);
        }
        return known;
    }

    /** Adds flows that ended at {@code time}, in their order, to what the key did. */
    private void assemble(long time, List<Traced<FlowRecord>> flows, Context context, Collector<AssembledFlow> out)
            throws Exception {
        HostState state = met(host.value(), time, context);
        if (state == null) {
            flows.forEach(flow -> giveUpLate(flow, context));
            return;
        }
        KeyHistory history = historyOf(state);
        List<FlowContext> observed = new ArrayList<>(flows.size());
        for (Traced<FlowRecord> flow : flows) {
            double[] features;
            String summary;
            try {
                summary = FlowSummary.of(flow.record);
                FlowContext behaviour = FlowRows.context(flow.record);
                features = history.observe(behaviour);
                observed.add(behaviour);
            } catch (RuntimeException poison) {
                // What it has left half done in the history is undone.
                history = historyOf(state);
                observed.forEach(history::observe);
                state.history = history.toBytes();
                observed.clear();
                unfitFlows.inc();
                giveUp(flow, DeadLetterReason.INVALID_RECORD, "the flow cannot be assembled: " + poison, context);
                continue;
            }
            out.collect(
                    new AssembledFlow(flow.record, flow.origin, features, state.sequence, state.ids, state.summaries));
            state.sequence++;
            state.ids = pushed(flow.record.getFlowId(), state.ids);
            state.summaries = pushed(summary, state.summaries);
        }
        state.lastTime = Math.max(state.lastTime, time);
        state.history = history.toBytes();
        if (state.expiryTimer == HostState.NO_TIMER) {
            watch(state, context);
        }
        host.update(state);
    }

    private static KeyHistory historyOf(HostState state) {
        return state.history == null ? new KeyHistory() : KeyHistory.fromBytes(state.history);
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
