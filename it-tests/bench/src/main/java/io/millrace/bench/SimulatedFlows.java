package io.millrace.bench;

import java.time.Duration;
import java.time.Instant;

import io.millrace.operators.source.Traced;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.FlowGenerator;
import io.millrace.simulators.flow.FlowScenario;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Makes the flows of a simulation one after another, as fast as they are taken. */
final class SimulatedFlows extends RichMapFunction<Long, Traced<FlowRecord>> {

    private final long seed;
    private final double perSecond;
    private final Instant start;
    private final Duration length;
    private transient FlowGenerator generator;

    /**
     * Flows of the simulator's default scenario.
     *
     * @param perSecond flows a second of event time
     * @param start event time of the beginning; the hour of day steers who is at work
     */
    SimulatedFlows(long seed, double perSecond, Instant start, Duration length) {
        this.seed = seed;
        this.perSecond = perSecond;
        this.start = start;
        this.length = length;
    }

    /** A generator of the same flows. */
    FlowGenerator generator() {
        return new FlowGenerator(FlowScenario.builder()
                .seed(seed)
                .flowsPerSecond(perSecond)
                .startTime(start)
                .duration(length)
                .build());
    }

    @Override
    public void open(OpenContext context) {
        generator = generator();
    }

    @Override
    public Traced<FlowRecord> map(Long number) {
        return new Traced<>(generator.next(), null);
    }
}
