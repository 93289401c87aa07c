package io.millrace.jobs;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.millrace.models.intrusion.FlowProfile;
import io.millrace.models.intrusion.FlowRow;
import io.millrace.models.intrusion.IntrusionModel;
import io.millrace.models.intrusion.evaluation.IntrusionEvaluation;
import io.millrace.models.intrusion.training.IntrusionEvaluator;
import io.millrace.operators.intrusion.FlowRows;
import io.millrace.simulators.flow.AttackKind;
import io.millrace.simulators.flow.FlowGenerator;
import io.millrace.simulators.flow.FlowScenario;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The model that ships, on a stream of a seed that it was not trained on. */
class ShippedModelTest {

    private static final int FLOWS = 20_000;

    @Test
    void beaconsAndExfiltrationAreFlaggedAndOthersAreNot() throws IOException {
        FlowGenerator flows = new FlowGenerator(FlowScenario.builder()
                .seed(906)
                .flowsPerSecond(20)
                .hosts(150)
                .attacks(Set.of(AttackKind.BEACONING, AttackKind.EXFILTRATION))
                .attackShare(0.1)
                .startTime(Instant.parse("2026-01-06T10:00:00Z"))
                .build());
        FlowRows rows = new FlowRows(FlowProfile.CORE);
        List<FlowRow> read = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            read.add(rows.row(flows.next()));
        }

        IntrusionEvaluation evaluation = new IntrusionEvaluator(IntrusionModel.KIND.shipped()).evaluate(read);

        assertThat(evaluation.falseAlarmRate()).isLessThan(0.005);
        assertThat(detected(evaluation, AttackKind.BEACONING)).isGreaterThan(0.6);
        assertThat(detected(evaluation, AttackKind.EXFILTRATION)).isGreaterThan(0.6);
    }

    private static double detected(IntrusionEvaluation evaluation, AttackKind kind) {
        IntrusionEvaluation.Kind found = evaluation.perKind().get(kind.label());
        return found.detected() / (double) found.rows();
    }
}
