package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.FlowScores;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.evaluation.IntrusionEvaluation;
import io.millrace.models.intrusion.network.CausalFlowTransformer;
import io.millrace.models.intrusion.network.FlowInput;

/** Judges labelled flows with a trained model, each in the light of the flows of its key before it. */
public final class IntrusionEvaluator {

    private final IntrusionModel model;

    /** An evaluator of a model. */
    public IntrusionEvaluator(IntrusionModel model) {
        this.model = model;
    }

    /**
     * Judges flows.
     *
     * @param rows labelled flows of the model's profile
     * @throws IllegalArgumentException if there are none
     */
    public IntrusionEvaluation evaluate(List<FlowRow> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no flows to judge");
        }
        long start = System.nanoTime();
        FlowSequences sequences = FlowSequences.of(rows);
        FlowScores scores = scores(sequences);
        double seconds = (System.nanoTime() - start) / 1e9;
        double[] probabilities =
                Arrays.stream(scores.logits()).map(model::probability).toArray();
        List<String> truth = sequences.rows().stream().map(FlowRow::kind).toList();
        return IntrusionEvaluation.of(
                probabilities,
                sequences.attacks(),
                truth,
                predicted(scores, probabilities, model.threshold(), model.kinds()),
                model.threshold(),
                seconds);
    }

    /** Logits and kinds of every flow. */
    public FlowScores scores(FlowSequences sequences) {
        FlowInput[] inputs = sequences.encode(model.features());
        boolean[] all = new boolean[inputs.length];
        Arrays.fill(all, true);
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
            CausalFlowTransformer network = model.network(manager);
            return new SequenceScorer(network, manager).score(inputs, sequences.sequences(), all);
        }
    }

    static List<String> predicted(FlowScores scores, double[] probabilities, double threshold, List<String> kinds) {
        List<String> predicted = new ArrayList<>(probabilities.length);
        for (int i = 0; i < probabilities.length; i++) {
            int kind = scores.kinds()[i];
            predicted.add(probabilities[i] < threshold ? FlowRow.BENIGN : kind < 0 ? "attack" : kinds.get(kind));
        }
        return predicted;
    }

    /** Profile of the flows that the model takes. */
    public FlowProfile profile() {
        return model.profile();
    }
}
