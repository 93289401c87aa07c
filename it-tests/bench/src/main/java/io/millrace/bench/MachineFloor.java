package io.millrace.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.torch.ArrayCopy;

/**
 * What one core of this machine can do, by the engine that runs the network: the floor under a record's cost is its
 * operations at the first rate plus its bytes at the second. Measured in processor time, so that neighbours disturb
 * little.
 *
 * @param operationsPerSecond floating-point operations a second in a large matrix product
 * @param bytesPerSecond bytes a second, read and written, in a large copy
 */
record MachineFloor(double operationsPerSecond, double bytesPerSecond) {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int SIDE = 1024;
    private static final int FLOATS = 32 << 20;
    private static final int TRIALS = 9;

    static MachineFloor measure() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray left = manager.randomUniform(0, 1, new Shape(SIDE, SIDE));
            NDArray right = manager.randomUniform(0, 1, new Shape(SIDE, SIDE));
            double product = best(() -> {
                try (NDArray result = left.matMul(right)) {
                    result.getFloat(0, 0);
                }
            });
            NDArray from = manager.ones(new Shape(FLOATS));
            NDArray to = manager.zeros(new Shape(FLOATS));
            double copy = best(() -> ArrayCopy.into(to, from));
            return new MachineFloor(2.0 * SIDE * SIDE * SIDE / product, 2.0 * FLOATS * Float.BYTES / copy);
        }
    }

    private static double best(Runnable work) {
        double best = Double.MAX_VALUE;
        for (int trial = 0; trial < TRIALS; trial++) {
            long start = THREADS.getCurrentThreadCpuTime();
            work.run();
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / 1e9);
        }
        return best;
    }

    /** Seconds that a record takes at least. */
    double secondsPerRecord(double operations, double bytes) {
        return operations / operationsPerSecond + bytes / bytesPerSecond;
    }
}
