package io.millrace.models.intrusion.forest;

import java.util.Random;

import io.millrace.models.evaluation.RankingMetrics;
import io.millrace.models.intrusion.network.FlowInput;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RandomForestTest {

    private static FlowInput[] inputs(Random random, int rows) {
        FlowInput[] inputs = new FlowInput[rows];
        for (int i = 0; i < rows; i++) {
            inputs[i] = new FlowInput(
                    new float[] {random.nextFloat(), random.nextFloat(), random.nextFloat()},
                    new int[] {random.nextInt(4)});
        }
        return inputs;
    }

    /** Attack where two fields disagree (no line separates that) or one category comes. */
    private static boolean attack(FlowInput input) {
        return (input.numeric()[0] > 0.5) != (input.numeric()[1] > 0.5) || input.categorical()[0] == 3;
    }

    @Test
    void aForestLearnsWhatNoLineSeparates() {
        Random random = new Random(1);
        FlowInput[] inputs = inputs(random, 3000);
        boolean[] attacks = new boolean[inputs.length];
        for (int i = 0; i < attacks.length; i++) {
            attacks[i] = attack(inputs[i]);
        }
        InputBins bins = InputBins.fit(inputs);

        RandomForest forest = RandomForest.fit(bins.columns(inputs), attacks, 30, 2, 7);

        assertThat(RankingMetrics.auroc(forest.outOfBag(), attacks)).isGreaterThan(0.97);
        FlowInput[] fresh = inputs(random, 1000);
        double[] scores = new double[fresh.length];
        boolean[] truth = new boolean[fresh.length];
        for (int i = 0; i < fresh.length; i++) {
            scores[i] = forest.probability(bins.row(fresh[i]));
            truth[i] = attack(fresh[i]);
            assertThat(scores[i]).isBetween(0.0, 1.0);
        }
        assertThat(RankingMetrics.auroc(scores, truth)).isGreaterThan(0.97);
    }

    @Test
    void theSameSeedGrowsTheSameForest() {
        FlowInput[] inputs = inputs(new Random(2), 500);
        boolean[] attacks = new boolean[inputs.length];
        for (int i = 0; i < attacks.length; i++) {
            attacks[i] = attack(inputs[i]);
        }
        InputBins bins = InputBins.fit(inputs);
        byte[] probe = bins.row(inputs[0]);

        double one = RandomForest.fit(bins.columns(inputs), attacks, 5, 2, 9).probability(probe);
        double two = RandomForest.fit(bins.columns(inputs), attacks, 5, 2, 9).probability(probe);

        assertThat(one).isEqualTo(two);
    }

    @Test
    void oneClassGivesLeavesOnly() {
        FlowInput[] inputs = inputs(new Random(3), 50);
        InputBins bins = InputBins.fit(inputs);

        RandomForest forest = RandomForest.fit(bins.columns(inputs), new boolean[50], 3, 2, 1);

        assertThat(forest.probability(bins.row(inputs[0]))).isZero();
    }
}
