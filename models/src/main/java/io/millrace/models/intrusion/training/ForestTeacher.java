package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.forest.InputBins;
import io.millrace.models.intrusion.forest.RandomForest;
import io.millrace.models.intrusion.network.FlowInput;

/**
 * A random forest that teaches a network how to judge flows unlike any in training. The network learns the forest's
 * out-of-bag judgement of the training rows, and its judgement of rows mixed of the fields of two training rows: there,
 * between and beyond the classes, a network trained on labels alone says anything.
 */
final class ForestTeacher {

    /** Fewest rows of a leaf. */
    private static final int LEAST_LEAF = 2;

    /** Mixed rows for each training row. */
    private static final int MIXED_PER_ROW = 2;

    /** Largest share of the fields of a mixed row that come from the second row. */
    private static final float LARGEST_SHARE = 0.7f;

    private ForestTeacher() {}

    /**
     * Adds the forest's judgement to a task.
     *
     * @param learn rows to fit the forest on; the others keep their targets
     * @param fields which numeric inputs make one field
     */
    static LearningTask teach(
            LearningTask task, boolean[] learn, List<FeatureSpec.InputRange> fields, TrainingOptions options) {
        int[] rows = new int[learn.length];
        int size = 0;
        for (int i = 0; i < learn.length; i++) {
            if (learn[i]) {
                rows[size++] = i;
            }
        }
        FlowInput[] inputs = new FlowInput[size];
        boolean[] attacks = new boolean[size];
        for (int i = 0; i < size; i++) {
            inputs[i] = task.inputs()[rows[i]];
            attacks[i] = task.attacks()[rows[i]];
        }
        InputBins bins = InputBins.fit(inputs);
        RandomForest forest =
                RandomForest.fit(bins.columns(inputs), attacks, options.teacherTrees, LEAST_LEAF, options.seed);
        float[] targets = task.targets().clone();
        double[] outOfBag = forest.outOfBag();
        for (int i = 0; i < size; i++) {
            targets[rows[i]] = (float) outOfBag[i];
        }
        Random random = new Random(options.seed);
        List<LearningTask.MixedRow> mixed = new ArrayList<>(size * MIXED_PER_ROW);
        for (int i = 0; i < size * MIXED_PER_ROW; i++) {
            FlowInput row = mix(inputs[random.nextInt(size)], inputs[random.nextInt(size)], fields, random);
            mixed.add(new LearningTask.MixedRow(row, (float) forest.probability(bins.row(row))));
        }
        return new LearningTask(task.inputs(), targets, task.attacks(), task.kinds(), task.sequences(), mixed);
    }

    private static FlowInput mix(
            FlowInput first, FlowInput second, List<FeatureSpec.InputRange> fields, Random random) {
        float share = random.nextFloat() * LARGEST_SHARE;
        float[] numeric = first.numeric().clone();
        for (FeatureSpec.InputRange field : fields) {
            if (random.nextFloat() < share) {
                System.arraycopy(second.numeric(), field.from(), numeric, field.from(), field.to() - field.from());
            }
        }
        int[] categorical = first.categorical().clone();
        for (int c = 0; c < categorical.length; c++) {
            if (random.nextFloat() < share) {
                categorical[c] = second.categorical()[c];
            }
        }
        return new FlowInput(numeric, categorical);
    }
}
