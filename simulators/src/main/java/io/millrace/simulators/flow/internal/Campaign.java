package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.random.SeededRandom;

/** One attack of one attacker: so many steps at a rate and regularity of its own. */
abstract class Campaign implements Actor {
    final Traffic traffic;
    final SeededRandom random;
    private final AttackKind kind;
    private final String name;
    private final double stepsPerSecond;
    private final double jitter;
    private long stepsLeft;
    private Runnable perFlow = () -> {};

    /**
     * @param variant the tool or method, part of the campaign's name
     * @param steps number of steps, usually one flow each
     * @param stepsPerSecond mean rate
     * @param jitter 0 for a metronome, 1 for random (exponential) gaps
     */
    Campaign(
            Traffic traffic,
            AttackKind kind,
            String variant,
            long number,
            long steps,
            double stepsPerSecond,
            double jitter) {
        this.traffic = traffic;
        this.random = traffic.random;
        this.kind = kind;
        this.name = kind.label() + '/' + variant + '/' + number;
        this.stepsLeft = Math.max(1, steps);
        this.stepsPerSecond = stepsPerSecond;
        this.jitter = jitter;
    }

    /** Makes the flows of one step. */
    abstract void step(long now);

    @Override
    public final long act(long now) {
        step(now);
        if (--stepsLeft <= 0) {
            return DONE;
        }
        double gap = 1 / stepsPerSecond;
        double varied = jitter >= 1 ? random.exponential(gap) : gap * (1 + jitter * (2 * random.uniform() - 1));
        return Traffic.after(now, varied);
    }

    /** Adds a flow of this attack, labelled. */
    final void attack(SimulatedFlow flow) {
        flow.attack = kind;
        flow.campaign = name;
        traffic.add(flow);
        perFlow.run();
    }

    /** Has a task run for each flow of this attack. */
    final void onFlow(Runnable task) {
        perFlow = task;
    }

    final boolean over() {
        return stepsLeft <= 0;
    }

    /** Returns how many steps are to come within so many seconds. */
    final double stepsWithin(double seconds) {
        return Math.min(stepsLeft, seconds * stepsPerSecond);
    }
}
