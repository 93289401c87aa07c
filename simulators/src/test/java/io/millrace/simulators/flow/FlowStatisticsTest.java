package io.millrace.simulators.flow;

import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FlowStatisticsTest {
    @Test
    void countsByLabelAndDescribesEach() {
        FlowStatistics statistics = new FlowStatistics();
        FlowGeneratorTest.flows(FlowGeneratorTest.scenario().limit(200_000).build())
                .forEach(statistics::add);

        assertThat(statistics.countsByLabel().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(200_000);
        assertThat(statistics.summary()).contains("benign: ", "bytes out", "states ", "ports ", "scan: ");
    }

    @Test
    void readsAttackKinds() {
        assertThat(AttackKind.parseSet("scan, beaconing")).containsExactly(AttackKind.SCAN, AttackKind.BEACONING);
        assertThat(AttackKind.parseSet("all")).isEqualTo(EnumSet.allOf(AttackKind.class));
        assertThat(AttackKind.parseSet("none")).isEqualTo(Set.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttackKind.parseSet("worm"))
                .withMessageContaining("known: scan, brute-force");
    }
}
