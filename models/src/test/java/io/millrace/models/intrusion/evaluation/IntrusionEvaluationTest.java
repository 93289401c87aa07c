package io.millrace.models.intrusion.evaluation;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IntrusionEvaluationTest {

    private static final List<String> KINDS = List.of("benign", "scan", "benign", "beaconing", "scan");

    private static IntrusionEvaluation evaluation() {
        return IntrusionEvaluation.of(
                new double[] {0.1, 0.9, 0.5, 0.2, 0.5},
                new boolean[] {false, true, false, true, true},
                KINDS,
                List.of("benign", "scan", "scan", "benign", "beaconing"),
                0.5,
                1);
    }

    @Test
    void everyKindHasItsRowsAndTheFlaggedOnes() {
        assertThat(evaluation().perKind())
                .containsOnlyKeys("beaconing", "benign", "scan")
                .containsEntry("beaconing", new IntrusionEvaluation.Kind(1, 0))
                .containsEntry("benign", new IntrusionEvaluation.Kind(2, 1))
                .containsEntry("scan", new IntrusionEvaluation.Kind(2, 2));
    }

    @Test
    void theKindsStandInTheJson() {
        JsonNode json = new ObjectMapper().valueToTree(evaluation());

        assertThat(json.at("/per_kind/scan/rows").asLong()).isEqualTo(2);
        assertThat(json.at("/per_kind/scan/detected").asLong()).isEqualTo(2);
        assertThat(json.at("/rows").asLong()).isEqualTo(5);
    }
}
