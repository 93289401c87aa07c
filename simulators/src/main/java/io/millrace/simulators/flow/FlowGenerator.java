package io.millrace.simulators.flow;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;

import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.internal.FlowExport;
import io.millrace.simulators.flow.internal.FlowSimulation;
import io.millrace.simulators.flow.internal.SimulatedFlow;

/**
 * Makes the stream of flow records of a {@link FlowScenario}: labelled, deterministic, in order of event time up to the
 * scenario's disorder. A record leaves at its {@linkplain #streamTimeMillis() stream time}, when its exporter would send it.
 *
 * <p>Memory is bounded by the flows under way, at most about a million. Not thread-safe.
 */
public final class FlowGenerator implements Iterator<FlowRecord> {
    private final FlowSimulation simulation;
    private final FlowExport export;
    private final ArrayDeque<FlowRecord> ready = new ArrayDeque<>(2);
    private final long startMicros;
    private final long endMicros;
    private long left;
    private long streamMicros;

    public FlowGenerator(FlowScenario scenario) {
        this.simulation = new FlowSimulation(scenario);
        this.export = new FlowExport(scenario.exporter(), scenario.seed());
        this.startMicros = scenario.startTime().toEpochMilli() * 1000;
        this.endMicros = scenario.duration() == null
                ? Long.MAX_VALUE
                : startMicros + scenario.duration().toMillis() * 1000;
        this.left = scenario.limit();
        this.streamMicros = startMicros;
    }

    @Override
    public boolean hasNext() {
        if (left <= 0) {
            return false;
        }
        while (ready.isEmpty()) {
            SimulatedFlow flow = simulation.next();
            streamMicros = simulation.emitMicros(flow);
            if (streamMicros >= endMicros) {
                left = 0;
                return false;
            }
            export.report(flow, ready);
            simulation.reported(ready.size());
            if (streamMicros < startMicros) {
                ready.clear();
            }
        }
        return true;
    }

    @Override
    public FlowRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the stream has ended");
        }
        left--;
        return ready.poll();
    }

    /**
     * Returns the stream time of the record that {@link #next()} returned last, or that {@link #hasNext()} made ready:
     * when its exporter reports it, milliseconds since the epoch. Never falls.
     */
    public long streamTimeMillis() {
        return streamMicros / 1000;
    }

    /** Returns how many flows have begun and not yet been reported: what the generator holds in memory. */
    public int flowsUnderWay() {
        return simulation.underWay();
    }
}
