package io.millrace.models.intrusion.evaluation;

import java.util.List;
import java.util.Random;

import io.millrace.models.evaluation.PlattCalibration;
import io.millrace.models.evaluation.RankingMetrics;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MetricsTest {

    private static final double[] SCORES = {0.9, 0.8, 0.7, 0.6, 0.5, 0.4};
    private static final boolean[] ATTACK = {true, false, true, true, false, false};

    @Test
    void aurocCountsPairsInOrder() {
        // Of 9 pairs, 7 are in order: the benign flow at 0.8 stands above two attacks.
        assertThat(RankingMetrics.auroc(SCORES, ATTACK)).isCloseTo(7 / 9.0, within(1e-12));
    }

    @Test
    void aurocGivesTiesHalf() {
        assertThat(RankingMetrics.auroc(new double[] {1, 1, 0}, new boolean[] {true, false, false}))
                .isCloseTo(0.75, within(1e-12));
        assertThat(RankingMetrics.auroc(new double[] {1, 1}, new boolean[] {true, true}))
                .isNaN();
    }

    @Test
    void averagePrecisionIsTheMeanPrecisionAtEachAttack() {
        assertThat(RankingMetrics.averagePrecision(SCORES, ATTACK))
                .isCloseTo((1.0 + 2 / 3.0 + 3 / 4.0) / 3, within(1e-12));
    }

    @Test
    void averagePrecisionOfEqualScoresIsTheShareOfAttacks() {
        assertThat(RankingMetrics.averagePrecision(
                        new double[] {2, 2, 2, 2}, new boolean[] {true, false, false, false}))
                .isCloseTo(0.25, within(1e-12));
    }

    @Test
    void countsAndRatesOfAThreshold() {
        DetectionMetrics at = DetectionMetrics.at(0.65, SCORES, ATTACK);

        assertThat(at).isEqualTo(new DetectionMetrics(2, 1, 2, 1));
        assertThat(at.f1()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(at.detectionRate()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(at.falseAlarmRate()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(at.balancedAccuracy()).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void macroF1MeansOverKinds() {
        // benign: 2·1/(2+1); scan: 2·1/(1+2); flood: 0.
        assertThat(DetectionMetrics.macroF1(List.of("benign", "benign", "scan"), List.of("benign", "scan", "scan")))
                .isCloseTo((2 / 3.0 + 2 / 3.0) / 2, within(1e-12));
        assertThat(DetectionMetrics.macroF1(List.of("flood"), List.of("scan"))).isZero();
    }

    @Test
    void theThresholdKeepsFalseAlarmsWithinTheRate() {
        Random random = new Random(1);
        double[] benign = random.doubles(1000).toArray();
        for (double rate : new double[] {0, 0.001, 0.01, 0.5, 0.999}) {
            double threshold = RankingMetrics.thresholdAt(benign, rate);
            long flagged =
                    java.util.Arrays.stream(benign).filter(s -> s >= threshold).count();
            assertThat(flagged)
                    .isLessThanOrEqualTo((long) Math.floor(rate * 1000))
                    .isGreaterThan((long) (rate * 1000) - 2);
        }
        double tied = RankingMetrics.thresholdAt(new double[] {1, 1, 1, 1}, 0.5);
        assertThat(tied).isGreaterThan(1);
    }

    @Test
    void theThresholdStandsInTheMiddleOfAGap() {
        double threshold = RankingMetrics.thresholdAt(
                new double[] {0, 1, 2, 8, 9}, new boolean[] {false, false, false, true, true}, 0);
        assertThat(threshold).isCloseTo(5, within(1e-9));
    }

    @Test
    void plattFindsTheCalibrationThatMadeTheLabels() {
        Random random = new Random(3);
        int n = 40_000;
        double[] logits = new double[n];
        boolean[] attack = new boolean[n];
        for (int i = 0; i < n; i++) {
            logits[i] = random.nextGaussian() * 3;
            attack[i] = random.nextDouble() < 1 / (1 + Math.exp(-(0.5 * logits[i] - 1)));
        }

        PlattCalibration calibration = PlattCalibration.fit(logits, attack);

        assertThat(calibration.slope()).isCloseTo(0.5, within(0.03));
        assertThat(calibration.offset()).isCloseTo(-1, within(0.05));
        assertThat(calibration.logit(calibration.probability(1.3))).isCloseTo(1.3, within(1e-9));
    }

    @Test
    void plattStaysFiniteWhereClassesSeparate() {
        PlattCalibration calibration = PlattCalibration.fit(
                new double[] {-50, -40, -30, 30, 40, 50}, new boolean[] {false, false, false, true, true, true});

        assertThat(calibration.probability(-40)).isLessThan(0.5);
        assertThat(calibration.probability(40)).isGreaterThan(0.5);
        assertThat(PlattCalibration.fit(new double[] {1, 2}, new boolean[] {true, true}))
                .isEqualTo(PlattCalibration.IDENTITY);
    }

    @Test
    void anotherPriorShiftsTheLogOdds() {
        PlattCalibration rare = PlattCalibration.IDENTITY.forPrior(0.5, 0.01);

        assertThat(rare.probability(0)).isCloseTo(0.01, within(1e-9));
    }
}
