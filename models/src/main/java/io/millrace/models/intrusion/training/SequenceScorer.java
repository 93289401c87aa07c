package io.millrace.models.intrusion.training;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.intrusion.FlowScores;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.CausalFlowTransformer;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * Scores whole sequences with a {@link CausalFlowTransformer}: the same result as flow by flow, since a segment brings as
 * many earlier flows as the layers reach back.
 */
public final class SequenceScorer {

    private static final int LENGTH = 256;
    private static final int FLOWS = 4096;

    private final CausalFlowTransformer network;
    private final NDManager manager;

    /**
     * @param network initialised network
     * @param manager manager for what a batch needs, on the network's device
     */
    public SequenceScorer(CausalFlowTransformer network, NDManager manager) {
        this.network = network;
        this.manager = manager;
    }

    /** Logits that a network of the given weights gives the wanted rows of a task; 0 for others. */
    static double[] logits(
            CausalFlowConfig config, Map<String, HostTensor> weights, LearningTask task, boolean[] wanted) {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
            CausalFlowTransformer network = new CausalFlowTransformer(config);
            network.load(manager, weights);
            return new SequenceScorer(network, manager)
                    .score(task.inputs(), task.sequences(), wanted)
                    .logits();
        }
    }

    /** Scores the wanted rows; the others get 0 and -1. */
    public FlowScores score(FlowInput[] inputs, List<int[]> sequences, boolean[] wanted) {
        double[] logits = new double[inputs.length];
        int[] kinds = new int[inputs.length];
        Arrays.fill(kinds, -1);
        int reach = network.config().layers() * (network.config().window() - 1);
        List<Segment> segments = Segment.cut(sequences, wanted, LENGTH, reach);
        ParameterStore store = new ParameterStore(manager, false);
        for (List<Segment> batch : Segment.batches(segments, FLOWS)) {
            try (NDManager step = manager.newSubManager()) {
                SegmentTensors tensors = SegmentTensors.of(batch, network.config());
                tensors.fill(inputs);
                NDList outputs = network.forward(store, tensors.inputs(step), false);
                try (NDArray logit = outputs.get(0);
                        NDArray kind = outputs.get(1);
                        NDArray embedding = outputs.get(2)) {
                    read(batch, tensors.steps(), logit.toFloatArray(), kind.toFloatArray(), logits, kinds);
                }
            }
        }
        return new FlowScores(logits, kinds);
    }

    private void read(List<Segment> batch, int steps, float[] logit, float[] kind, double[] logits, int[] kinds) {
        int k = network.config().kinds();
        for (int b = 0; b < batch.size(); b++) {
            Segment segment = batch.get(b);
            for (int t = segment.context(); t < segment.rows().length; t++) {
                int at = b * steps + t;
                logits[segment.rows()[t]] = logit[at];
                for (int i = 0; i < k; i++) {
                    int best = kinds[segment.rows()[t]];
                    if (best < 0 || kind[at * k + i] > kind[at * k + best]) {
                        kinds[segment.rows()[t]] = i;
                    }
                }
            }
        }
    }
}
