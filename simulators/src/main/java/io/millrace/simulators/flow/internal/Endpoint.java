package io.millrace.simulators.flow.internal;

import io.millrace.simulators.random.SeededRandom;

/** A host that sends and receives: an internal host or one of the outside world. */
public class Endpoint {
    private static final int[] RANGE_LOW = {32_768, 49_152, 1_025};
    private static final int[] RANGE_SIZE = {28_232, 16_384, 64_000};

    final String address;
    /** Sensor before an internal host; negative for the outside world. */
    final int sensor;
    /** One-way share of the round-trip time, seconds. */
    final double delay;
    /** Transfer rate, bytes a second. */
    final double bandwidth;
    /** Whether the stack sends TCP timestamps, which make headers 12 bytes longer. */
    final boolean timestamps;

    private final int portFamily;
    private int portCursor;

    Endpoint(String address, int sensor, double delay, double bandwidth, SeededRandom random) {
        this.address = address;
        this.sensor = sensor;
        this.delay = delay;
        this.bandwidth = bandwidth;
        this.portFamily = sensor < 0 ? random.below(3) : random.below(2);
        this.timestamps = portFamily != 1;
        this.portCursor = random.below(RANGE_SIZE[portFamily]);
    }

    boolean internal() {
        return sensor >= 0;
    }

    /** Returns the next ephemeral port: some stacks count up, others jump. */
    int ephemeralPort(SeededRandom random) {
        int size = RANGE_SIZE[portFamily];
        portCursor += portFamily == 1 ? random.between(1, 3) : random.between(1, size / 2);
        if (portCursor >= size) {
            portCursor -= size;
        }
        return RANGE_LOW[portFamily] + portCursor;
    }
}
