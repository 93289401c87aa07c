package io.millrace.bench;

import java.io.Serializable;
import java.util.List;
import java.util.Random;

import ai.djl.Device;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.CausalFlowModel;
import io.millrace.models.intrusion.network.CausalFlowWeights;
import io.millrace.models.intrusion.network.FlowInput;
import io.millrace.models.streaming.ModelId;

/**
 * What every variant runs: the same network with the same random weights, and the same stream of records. Record
 * {@code i} has a pseudo-random key and one of a few thousand feature vectors made beforehand, all from the seed.
 *
 * @param keys number of keys, drawn uniformly
 * @param window flows that the network looks back on
 * @param seed seed of weights and records
 * @param payload bytes that each record carries beside its features
 * @param nanosPerRecord time that the network of the operator takes longer for each record
 */
record Workload(int keys, int window, long seed, int payload, long nanosPerRecord) implements Serializable {

    static final int NUMERIC = 40;
    static final List<Integer> LEVELS = List.of(3, 12, 40, 60, 8);
    static final ModelId MODEL = new ModelId("bench", "1");
    private static final int KINDS = 8;
    private static final int POOL = 4096;

    /** The network: the size of the default model, with this workload's window. */
    CausalFlowConfig config() {
        CausalFlowConfig standard = CausalFlowConfig.standard(NUMERIC, LEVELS, KINDS);
        return new CausalFlowConfig(
                standard.numeric(),
                standard.levels(),
                standard.encoding(),
                standard.embeddingDim(),
                standard.width(),
                standard.layers(),
                standard.heads(),
                standard.headDim(),
                standard.feedForward(),
                window,
                standard.dropout(),
                standard.kinds(),
                standard.mlpWidth(),
                standard.ageBias(),
                standard.preNorm(),
                standard.activation());
    }

    CausalFlowModel model(Device device) {
        CausalFlowConfig config = config();
        return new CausalFlowModel(MODEL, config, CausalFlowWeights.random(config, seed), device);
    }

    /** Key of record {@code i}. */
    int key(long i) {
        return (int) Math.floorMod(mix(i * 2 + 1), (long) keys);
    }

    /** Which of {@link #flows} record {@code i} carries. */
    static int flow(long i) {
        return (int) (mix(i * 2) & (POOL - 1));
    }

    /** The feature vectors. */
    FlowInput[] flows() {
        Random random = new Random(seed);
        FlowInput[] flows = new FlowInput[POOL];
        for (int f = 0; f < POOL; f++) {
            float[] numeric = new float[NUMERIC];
            for (int i = 0; i < NUMERIC; i++) {
                numeric[i] = random.nextFloat();
            }
            int[] ids = new int[LEVELS.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = random.nextInt(LEVELS.get(i) + 1);
            }
            flows[f] = new FlowInput(numeric, ids);
        }
        return flows;
    }

    private static long mix(long x) {
        long z = x * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /**
     * Floating-point operations of one step of one key: a multiply and an add for each weight of each linear layer, and
     * for each key and value of the window.
     */
    double operationsPerRecord() {
        CausalFlowConfig c = config();
        double a = c.attentionWidth();
        double layer = c.width() * 3 * a + a * c.width() + 2.0 * c.width() * c.feedForward() + 2 * a * (window + 1);
        double macs = (double) NUMERIC * c.width()
                + c.layers() * layer
                + (double) c.width() * c.mlpWidth()
                + (double) c.mlpWidth() * (1 + c.kinds());
        return 2 * macs;
    }

    /** Bytes of state that the network keeps for a key. */
    long stateBytes() {
        try (CausalFlowModel model = model(Device.cpu())) {
            return model.stateSpec().bytesPerKey();
        }
    }
}
