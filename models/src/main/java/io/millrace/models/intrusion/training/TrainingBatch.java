package io.millrace.models.intrusion.training;

import java.util.List;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.FlowInput;

/** Makes the tensors of training batches: hides fields, puts mixed rows in, weighs flows. */
final class TrainingBatch {

    private final CausalFlowConfig config;
    private final List<FeatureSpec.InputRange> fields;
    private final TrainingOptions options;
    private final LearningTask task;
    private final Random random;
    private final float attackWeight;

    TrainingBatch(
            CausalFlowConfig config,
            List<FeatureSpec.InputRange> fields,
            TrainingOptions options,
            LearningTask task,
            Random random) {
        this.config = config;
        this.fields = fields;
        this.options = options;
        this.task = task;
        this.random = random;
        this.attackWeight = options.attackWeight > 0 ? options.attackWeight : balance(task.attacks());
    }

    private static float balance(boolean[] attacks) {
        int count = 0;
        for (boolean attack : attacks) {
            count += attack ? 1 : 0;
        }
        return count == 0 ? 1 : (attacks.length - count) / (float) count;
    }

    /**
     * Tensors of a batch.
     *
     * @param inputs numeric [B, T, N], ids [B, T, C]
     * @param targets probability to learn [B, T]
     * @param weights weight of each flow [B, T], summing to 1
     * @param kinds one-hot kinds [B, T, K], all 0 for a flow without; null without kinds
     * @param kindRows number of flows with a kind
     */
    record Tensors(NDList inputs, NDArray targets, NDArray weights, NDArray kinds, int kindRows) {}

    /** The tensors of a batch, attached to a manager. */
    Tensors tensors(List<Segment> batch, NDManager manager) {
        SegmentTensors host = SegmentTensors.of(batch, config);
        int steps = host.steps();
        int places = batch.size() * steps;
        float[] targets = new float[places];
        float[] weights = new float[places];
        float[] kinds = new float[places * config.kinds()];
        int kindRows = 0;
        double sum = 0;
        for (int b = 0; b < batch.size(); b++) {
            Segment segment = batch.get(b);
            boolean mixed =
                    !task.mixed().isEmpty() && segment.rows().length == 1 && random.nextFloat() < options.mixedShare;
            for (int t = 0; t < segment.rows().length; t++) {
                int place = b * steps + t;
                int row = segment.rows()[t];
                if (mixed) {
                    LearningTask.MixedRow other =
                            task.mixed().get(random.nextInt(task.mixed().size()));
                    host.put(place, other.input());
                    targets[place] = other.target();
                    weights[place] = 1;
                } else {
                    FlowInput input = task.inputs()[row];
                    host.put(place, input);
                    if (t >= segment.context()) {
                        targets[place] = task.targets()[row];
                        weights[place] = task.attacks()[row] ? attackWeight : 1;
                        if (task.kinds()[row] >= 0 && config.kinds() > 0) {
                            kinds[place * config.kinds() + task.kinds()[row]] = 1;
                            kindRows++;
                        }
                    }
                }
                sum += weights[place];
                if (!mixed) {
                    hide(host, place);
                }
            }
        }
        for (int i = 0; i < places; i++) {
            weights[i] /= (float) sum;
        }
        Shape flows = new Shape(batch.size(), steps);
        return new Tensors(
                host.inputs(manager),
                manager.create(targets, flows),
                manager.create(weights, flows),
                config.kinds() > 0 ? manager.create(kinds, flows.add(config.kinds())) : null,
                kindRows);
    }

    /** Hides fields of a flow, each with the same probability: numeric inputs become 0, ids that of an unseen level. */
    private void hide(SegmentTensors host, int place) {
        if (options.fieldMask <= 0) {
            return;
        }
        float[] numeric = host.numeric();
        for (FeatureSpec.InputRange field : fields) {
            if (random.nextFloat() < options.fieldMask) {
                for (int i = field.from(); i < field.to(); i++) {
                    numeric[place * config.numeric() + i] = 0;
                }
            }
        }
        for (int c = 0; c < config.categorical(); c++) {
            if (random.nextFloat() < options.fieldMask) {
                host.ids()[place * config.categorical() + c] = 0;
            }
        }
    }
}
