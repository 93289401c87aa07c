package io.millrace.models.intrusion.network;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.streaming.ModelId;
import io.millrace.models.streaming.StateBatch;
import io.millrace.models.torch.EngineSettings;

/**
 * Flows per second of {@link CausalFlowModel#step} at the default size, one thread, states gathered from an arena and
 * written back. Run as a main class.
 */
final class CausalFlowBenchmark {

    private static final int SLOTS = 5000;

    private CausalFlowBenchmark() {}

    public static void main(String[] args) {
        EngineSettings.singleThreaded().apply();
        CausalFlowConfig config = CausalFlowConfig.standard(14, List.of(32, 32, 8, 32, 32, 32), 9);
        Map<String, HostTensor> weights = CausalFlowWeights.random(config, 1);
        double peak = matrixPeak();
        System.out.printf(
                Locale.ROOT,
                "parameters %d, %.0f kFLOP a flow, matrix product %.1f GFLOP/s%n",
                config.parameterCount(),
                flops(config) / 1e3,
                peak / 1e9);
        try (CausalFlowModel model = new CausalFlowModel(new ModelId("bench", "1"), config, weights, Device.cpu());
                NDManager manager = NDManager.newBaseManager()) {
            for (int batch : new int[] {1, 32, 256}) {
                List<FlowInput> inputs = CausalFlowModelTest.flows(config, batch, new Random(3));
                long[] keys =
                        new Random(4).longs(0, SLOTS).distinct().limit(batch).toArray();
                KeyedArena arena = new KeyedArena(model.stateSpec(), SLOTS, manager);
                StateBatch gathered = new FixedStates(arena.batch(keys));
                for (boolean gather : new boolean[] {false, true}) {
                    double best = 0;
                    for (int round = 0; round < 5; round++) {
                        long start = cpuNanos();
                        int steps = Math.max(200, 2000 / batch * 5);
                        for (int i = 0; i < steps; i++) {
                            if (gather) {
                                try (KeyedArena.Batch states = arena.batch(keys)) {
                                    model.step(inputs, states);
                                    states.commit();
                                }
                            } else {
                                model.step(inputs, gathered);
                            }
                        }
                        best = Math.max(best, batch * (double) steps / (cpuNanos() - start) * 1e9);
                    }
                    System.out.printf(
                            Locale.ROOT,
                            "batch %3d %-22s %9.0f flows/s (%.0f µs a step), floor %9.0f flows/s%n",
                            batch,
                            gather ? "with arena" : "step alone",
                            best,
                            batch / best * 1e6,
                            peak / flops(config));
                }
                arena.close();
            }
        }
    }

    /** Time that this thread ran, so that a busy machine does not count. */
    private static long cpuNanos() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double flops(CausalFlowConfig config) {
        int d = config.width();
        int a = config.attentionWidth();
        double layer = 3.0 * d * a + a * d + 2.0 * d * config.feedForward() + 2.0 * a * (config.window() + 1);
        return 2
                * (config.numeric() * d
                        + config.categorical() * d
                        + config.layers() * layer
                        + d * config.mlpWidth()
                        + config.mlpWidth() * (1 + config.kinds()));
    }

    private static double matrixPeak() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray a = manager.randomNormal(new ai.djl.ndarray.types.Shape(1024, 1024));
            double best = 0;
            for (int i = 0; i < 10; i++) {
                long start = cpuNanos();
                try (NDArray product = a.matMul(a)) {
                    best = Math.max(best, 2.0 * 1024 * 1024 * 1024 / (cpuNanos() - start) * 1e9);
                }
            }
            return best;
        }
    }

    /** States gathered once and never written: the step alone. */
    private static final class FixedStates implements StateBatch {
        private final StateBatch source;
        private final NDArray[] arrays = new NDArray[3];
        private NDManager step;

        FixedStates(StateBatch source) {
            this.source = source;
            for (int i = 0; i < arrays.length; i++) {
                arrays[i] = source.get(i);
            }
        }

        @Override
        public int size() {
            return source.size();
        }

        @Override
        public NDManager manager() {
            if (step != null) {
                step.close();
            }
            step = source.manager().newSubManager();
            return step;
        }

        @Override
        public NDArray get(int tensor) {
            return arrays[tensor];
        }

        @Override
        public void put(int tensor, NDArray values) {
            // the step alone
        }

        @Override
        public void putRow(int tensor, NDArray rows, NDArray values) {
            // the step alone
        }

        @Override
        public void putRows(int tensor, NDArray items, NDArray rows, NDArray values) {
            // the step alone
        }
    }
}
