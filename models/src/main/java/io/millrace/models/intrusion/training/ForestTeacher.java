package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

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

    private final int[] rows;
    private final InputBins bins;
    private final RandomForest forest;

    private ForestTeacher(int[] rows, InputBins bins, RandomForest forest) {
        this.rows = rows;
        this.bins = bins;
        this.forest = forest;
    }

    /**
     * Fits the forest.
     *
     * @param learn rows to fit on
     */
    static ForestTeacher fit(FlowInput[] inputs, boolean[] attacks, boolean[] learn, int trees, long seed) {
        int[] rows = IntStream.range(0, learn.length).filter(i -> learn[i]).toArray();
        FlowInput[] learnt = new FlowInput[rows.length];
        boolean[] truth = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            learnt[i] = inputs[rows[i]];
            truth[i] = attacks[rows[i]];
        }
        InputBins bins = InputBins.fit(learnt);
        return new ForestTeacher(rows, bins, RandomForest.fit(bins.columns(learnt), truth, trees, LEAST_LEAF, seed));
    }

    /** Probability of attack, 0 to 1. */
    double judge(FlowInput input) {
        return forest.probability(bins.row(input));
    }

    /**
     * Adds the forest's judgement to a task: of the rows that it was fitted on and of mixed ones.
     *
     * @param fields which numeric inputs make one field
     */
    LearningTask teach(LearningTask task, List<FeatureSpec.InputRange> fields, long seed) {
        float[] targets = task.targets().clone();
        double[] outOfBag = forest.outOfBag();
        for (int i = 0; i < rows.length; i++) {
            targets[rows[i]] = (float) outOfBag[i];
        }
        Random random = new Random(seed);
        List<LearningTask.MixedRow> mixed = new ArrayList<>(rows.length * MIXED_PER_ROW);
        for (int i = 0; i < rows.length * MIXED_PER_ROW; i++) {
            FlowInput row = mix(drawn(task, random), drawn(task, random), fields, random);
            mixed.add(new LearningTask.MixedRow(row, (float) judge(row)));
        }
        return new LearningTask(task.inputs(), targets, task.attacks(), task.kinds(), task.sequences(), mixed);
    }

    private FlowInput drawn(LearningTask task, Random random) {
        return task.inputs()[rows[random.nextInt(rows.length)]];
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
