package io.millrace.models.intrusion.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.millrace.models.intrusion.FeatureSpec;
import io.millrace.models.intrusion.network.FlowInput;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ForestTeacherTest {

    private static final int ROWS = 400;
    private static final List<FeatureSpec.InputRange> FIELDS =
            List.of(new FeatureSpec.InputRange("size", 0, 2), new FeatureSpec.InputRange("rate", 2, 3));

    private final FlowInput[] inputs = new FlowInput[ROWS];
    private final boolean[] attacks = new boolean[ROWS];
    private final boolean[] learn = new boolean[ROWS];
    private final LearningTask task;

    /** Attack where the rate is high. The two inputs of the size are always equal. */
    ForestTeacherTest() {
        Random random = new Random(3);
        float[] targets = new float[ROWS];
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            float size = random.nextFloat();
            float rate = random.nextFloat();
            inputs[i] = new FlowInput(new float[] {size, size, rate}, new int[] {random.nextInt(3)});
            attacks[i] = rate > 0.5;
            learn[i] = i % 4 != 0;
            targets[i] = attacks[i] ? 1 : 0;
            sequences.add(new int[] {i});
        }
        task = new LearningTask(inputs, targets, attacks, new int[ROWS], sequences, List.of());
    }

    @Test
    void theForestJudgesRowsThatItHasNotSeen() {
        ForestTeacher teacher = ForestTeacher.fit(inputs, attacks, learn, 20, 1);

        int right = 0;
        for (int i = 0; i < ROWS; i += 4) {
            right += (teacher.judge(inputs[i]) >= 0.5) == attacks[i] ? 1 : 0;
        }
        assertThat(right).isGreaterThan(95);
    }

    @Test
    void rowsKeptFromTheForestKeepTheirLabels() {
        LearningTask taught = ForestTeacher.fit(inputs, attacks, learn, 3, 1).teach(task, FIELDS, 1);

        boolean softened = false;
        for (int i = 0; i < ROWS; i++) {
            if (learn[i]) {
                softened |= taught.targets()[i] != task.targets()[i];
            } else {
                assertThat(taught.targets()[i]).isEqualTo(task.targets()[i]);
            }
        }
        assertThat(softened).isTrue();
    }

    @Test
    void mixedRowsTakeWholeFieldsAndTheForestsJudgement() {
        ForestTeacher teacher = ForestTeacher.fit(inputs, attacks, learn, 3, 1);

        List<LearningTask.MixedRow> mixed = teacher.teach(task, FIELDS, 1).mixed();

        assertThat(mixed).hasSize(600).allSatisfy(row -> {
            assertThat(row.input().numeric()[0]).isEqualTo(row.input().numeric()[1]);
            assertThat(row.target()).isEqualTo((float) teacher.judge(row.input()));
        });
    }
}
