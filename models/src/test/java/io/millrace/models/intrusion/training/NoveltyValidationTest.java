package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class NoveltyValidationTest {

    private static final int BENIGN = 2000;

    private final List<String> kinds = new ArrayList<>();

    private NoveltyValidation validation() {
        boolean[] attacks = new boolean[kinds.size()];
        boolean[] validate = new boolean[kinds.size()];
        for (int i = 0; i < attacks.length; i++) {
            attacks[i] = !kinds.get(i).equals("benign");
            validate[i] = i % 2 == 0;
        }
        return new NoveltyValidation(attacks, kinds, validate);
    }

    private void add(String kind, int rows) {
        for (int i = 0; i < rows; i++) {
            kinds.add(kind);
        }
    }

    /** Benign rows score up to 1 by their number; attacks all the same. */
    private double[] scores(double attack) {
        double[] scores = new double[kinds.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = kinds.get(i).equals("benign") ? i / (double) BENIGN : attack;
        }
        return scores;
    }

    @Test
    void theRateIsTheLowestAtWhichUnseenKindsAreFound() {
        add("benign", BENIGN);
        add("scan", 300);
        add("flood", 200);

        NoveltyValidation.Outcome outcome = validation().run(2, (learn, validate, judge) -> scores(0.9551));

        assertThat(outcome.best().falseAlarmRate()).isEqualTo(0.045);
        assertThat(outcome.best().detectionRate()).isEqualTo(1);
        assertThat(outcome.best().f1()).isEqualTo(2 * 0.2 / (0.2 + 0.2 + 0.8 * 0.045), within(1e-9));
        assertThat(outcome.auroc()).isEqualTo(0.955, within(0.001));
        assertThat(outcome.kinds()).containsOnlyKeys("flood", "scan");
    }

    @Test
    void everyKindIsHeldOutOnceAndNeverLearnt() {
        add("benign", BENIGN);
        add("scan", 30);
        add("flood", 20);
        add("worm", 10);
        Set<String> held = new HashSet<>();

        validation().run(3, (learn, validate, judge) -> {
            Set<String> judged = new HashSet<>();
            for (int i = 0; i < learn.length; i++) {
                if (judge[i]) {
                    judged.add(kinds.get(i));
                }
            }
            assertThat(judged).hasSize(2).contains("benign");
            judged.remove("benign");
            for (int i = 0; i < learn.length; i++) {
                boolean known = !judged.contains(kinds.get(i));
                assertThat(learn[i]).isEqualTo(known && i % 2 != 0);
                assertThat(validate[i]).isEqualTo(known && i % 2 == 0);
                assertThat(judge[i]).isEqualTo(!known || (kinds.get(i).equals("benign") && i % 2 == 0));
            }
            assertThat(held).doesNotContainAnyElementsOf(judged);
            held.addAll(judged);
            return scores(2);
        });

        assertThat(held).containsExactlyInAnyOrder("scan", "flood", "worm");
    }

    @Test
    void kindsOfFewRowsDoNotCount() {
        add("benign", BENIGN);
        add("scan", 30);
        add("rare", 9);

        NoveltyValidation.Outcome outcome = validation().run(2, (learn, validate, judge) -> {
            double[] scores = scores(2);
            for (int i = 0; i < scores.length; i++) {
                scores[i] = kinds.get(i).equals("rare") ? -1 : scores[i];
            }
            return scores;
        });

        assertThat(outcome.kinds()).containsOnlyKeys("scan");
        assertThat(outcome.best().detectionRate()).isEqualTo(1);
    }

    @Test
    void attacksWithoutACommonKindLeaveNothingToChooseBy() {
        add("benign", BENIGN);
        add("rare", 9);

        assertThatThrownBy(() -> validation().run(2, (learn, validate, judge) -> scores(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("state the rate");
    }
}
