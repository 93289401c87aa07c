package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.FlowScenario;
import io.millrace.simulators.random.SeededRandom;

/**
 * The discrete-event simulation behind the generator: benign activities arrive at random, periodic programmes and attacks act
 * by an agenda, and a flow leaves when its exporter reports it. The rate of arrivals follows the records that left, so that the
 * stream keeps its rate whatever the mix.
 */
public final class FlowSimulation {
    /**
     * Seconds within which a deviation from the rate is made good, and those over which a lasting cause of it (flows that
     * begin faster than they end) is learned: a critically damped pair.
     */
    private static final double CORRECTION_SECONDS = 2;

    private static final double LEARNING_SECONDS_SQUARED = 16;
    /** Stream time simulated ahead of the start, so that the stream begins in full flow. */
    private static final double WARM_UP_SECONDS = 120;

    private static final double WARM_UP_RECORDS = 150_000;

    private final FlowScenario scenario;
    private final SeededRandom random;
    private final FlowQueue queue;
    private final DriftState drift;
    private final BenignTraffic benign;
    private final Agenda agenda = new Agenda();
    private final long startMicros;
    private final long warmUpMicros;
    private final double otherPerSecond;
    private double flowsPerActivity = 3;
    private double recordsPerFlow;
    private long recordsOut;
    private long accountStart;
    private boolean warm;
    /** Records a second to begin beyond the rate, as learned. */
    private double learned;

    private double lastGapSeconds;
    private long nextActivity;

    public FlowSimulation(FlowScenario scenario) {
        this.scenario = scenario;
        this.random = new SeededRandom(scenario.seed());
        this.startMicros = scenario.startTime().toEpochMilli() * 1000;
        double rate = scenario.flowsPerSecond();
        double warmUp = Math.min(WARM_UP_SECONDS, WARM_UP_RECORDS / rate);
        this.warmUpMicros = Traffic.after(startMicros, -warmUp);
        this.drift = new DriftState(scenario.drifts(), startMicros);
        this.queue = new FlowQueue(random.fork(), scenario.disorder().toMillis() * 1000);
        Network network = new Network(scenario.hosts(), FlowExport.SENSORS, random.fork());
        this.benign = new BenignTraffic(new Traffic(random.fork(), network, queue, drift));
        this.recordsPerFlow = switch (scenario.exporter()) {
            case BIFLOW -> 1;
            case UNIFLOW -> 1.9;
            case MIXED -> 1.45;
        };
        double flowRate = rate / recordsPerFlow;
        double periodic = benign.startPeriodic(agenda, warmUpMicros, flowRate);
        this.otherPerSecond = periodic + startAttacks(network, flowRate);
        this.nextActivity = warmUpMicros;
        this.accountStart = warmUpMicros;
    }

    private double startAttacks(Network network, double flowRate) {
        double weights =
                scenario.attacks().stream().mapToDouble(AttackKind::weight).sum();
        double attackRate = flowRate * scenario.attackShare();
        if (scenario.attacks().isEmpty() || attackRate == 0) {
            return 0;
        }
        for (AttackKind kind : AttackKind.values()) {
            SeededRandom own = random.fork();
            if (scenario.attacks().contains(kind)) {
                Traffic traffic = new Traffic(own, network, queue, drift);
                double kindRate = attackRate * kind.weight() / weights;
                agenda.add(warmUpMicros, new AttackScheduler(traffic, agenda, kind, kindRate, flowRate, warmUpMicros));
            }
        }
        return attackRate;
    }

    /** Runs on until the next flow is reported, and returns it; its {@code emitMicros} never fall from call to call. */
    public SimulatedFlow next() {
        while (true) {
            long nextAct = agenda.nextTime();
            long nextEvent = Math.min(nextActivity, nextAct);
            if (queue.nextEmitMicros() <= nextEvent) {
                return queue.poll();
            }
            drift.moveTo(nextEvent);
            if (nextAct <= nextActivity) {
                agenda.actNext();
            } else {
                long before = queue.added();
                benign.begin(nextActivity);
                flowsPerActivity += 0.001 * (queue.added() - before - flowsPerActivity);
                nextActivity += gapMicros();
            }
        }
    }

    /** Tells how many records a flow became; the rate is kept in records. */
    public void reported(int records) {
        recordsOut += records;
        recordsPerFlow += 0.0005 * (records - recordsPerFlow);
    }

    /** Returns when a flow is reported, microseconds since the epoch. */
    public long emitMicros(SimulatedFlow flow) {
        return flow.emitMicros;
    }

    /** Returns the flows under way. */
    public int underWay() {
        return queue.size();
    }

    private long gapMicros() {
        double rate = scenario.flowsPerSecond();
        if (!warm && nextActivity >= startMicros) {
            // What the warm-up was short of is not made good in the stream itself.
            warm = true;
            accountStart = nextActivity;
            recordsOut = 0;
        }
        double elapsed = (nextActivity - accountStart) / 1e6;
        double behind = rate * elapsed - recordsOut;
        double base = Math.max(0.2 * rate, rate - otherPerSecond * recordsPerFlow);
        learned += behind / LEARNING_SECONDS_SQUARED * lastGapSeconds;
        learned = Math.max(-0.5 * base, Math.min(0.5 * base, learned));
        double wanted = base + behind / CORRECTION_SECONDS + learned;
        wanted = Math.max(0.3 * base, Math.min(3 * base, wanted));
        double perSecond = wanted / (flowsPerActivity * recordsPerFlow);
        long gap = Math.max(1, (long) (random.exponential(1e6) / perSecond));
        lastGapSeconds = gap / 1e6;
        return gap;
    }
}
