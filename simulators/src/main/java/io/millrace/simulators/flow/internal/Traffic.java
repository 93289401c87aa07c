package io.millrace.simulators.flow.internal;

import io.millrace.simulators.flow.DriftKind;
import io.millrace.simulators.random.SeededRandom;

/** What every maker of traffic needs: randomness, the wire, the network, and the queue its flows go to. */
final class Traffic {
    final SeededRandom random;
    final TcpWire tcp;
    final DatagramWire datagrams;
    final Network network;
    final FlowQueue queue;
    final DriftState drift;

    Traffic(SeededRandom random, Network network, FlowQueue queue, DriftState drift) {
        this.random = random;
        this.tcp = new TcpWire(random);
        this.datagrams = new DatagramWire(random);
        this.network = network;
        this.queue = queue;
        this.drift = drift;
    }

    void add(SimulatedFlow flow) {
        queue.add(flow);
    }

    /** Returns a log-normal size, grown when benign transfers have drifted to larger ones. */
    long size(double median, double sigma) {
        double size = random.logNormal(median, sigma);
        if (random.chance(drift.share(DriftKind.LARGER_FLOWS))) {
            size *= random.uniform(4, 8);
        }
        return (long) Math.max(1, Math.min(size, 4e9));
    }

    /** Returns a time that many seconds after another. */
    static long after(long micros, double seconds) {
        return micros + (long) (seconds * 1e6);
    }
}
