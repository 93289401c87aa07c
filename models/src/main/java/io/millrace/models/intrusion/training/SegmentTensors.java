package io.millrace.models.intrusion.training;

import java.util.List;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.models.intrusion.network.CausalFlowConfig;
import io.millrace.models.intrusion.network.FlowInput;

/** Host arrays of a batch of segments, padded at their ends to the longest: numeric [B, T, N], ids [B, T, C]. */
final class SegmentTensors {

    private final List<Segment> batch;
    private final int steps;
    private final int numericWidth;
    private final int categoricalWidth;
    private final float[] numeric;
    private final long[] ids;

    private SegmentTensors(List<Segment> batch, int steps, CausalFlowConfig config) {
        this.batch = batch;
        this.steps = steps;
        this.numericWidth = config.numeric();
        this.categoricalWidth = config.categorical();
        this.numeric = new float[batch.size() * steps * numericWidth];
        this.ids = new long[batch.size() * steps * categoricalWidth];
    }

    static SegmentTensors of(List<Segment> batch, CausalFlowConfig config) {
        int steps =
                batch.stream().mapToInt(segment -> segment.rows().length).max().orElse(0);
        return new SegmentTensors(batch, steps, config);
    }

    /** Longest segment, T. */
    int steps() {
        return steps;
    }

    /** Takes the inputs of every row. */
    void fill(FlowInput[] inputs) {
        for (int b = 0; b < batch.size(); b++) {
            int[] rows = batch.get(b).rows();
            for (int t = 0; t < rows.length; t++) {
                put(b * steps + t, inputs[rows[t]]);
            }
        }
    }

    /** Puts one flow at place b · T + t. */
    void put(int place, FlowInput input) {
        System.arraycopy(input.numeric(), 0, numeric, place * numericWidth, numericWidth);
        for (int c = 0; c < categoricalWidth; c++) {
            ids[place * categoricalWidth + c] = input.categorical()[c];
        }
    }

    float[] numeric() {
        return numeric;
    }

    long[] ids() {
        return ids;
    }

    /** The tensors, attached to a manager. */
    NDList inputs(NDManager manager) {
        NDList inputs = new NDList(manager.create(numeric, new Shape(batch.size(), steps, numericWidth)));
        if (categoricalWidth > 0) {
            inputs.add(manager.create(ids, new Shape(batch.size(), steps, categoricalWidth)));
        }
        return inputs;
    }
}
