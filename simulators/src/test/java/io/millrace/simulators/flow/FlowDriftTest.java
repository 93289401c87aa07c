package io.millrace.simulators.flow;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FlowDriftTest {
    private static final Duration AT = Duration.ofSeconds(120);

    @Test
    void readsTimeKindAndShare() {
        assertThat(FlowDrift.parse("at=5m,kind=cloud-migration,share=0.25"))
                .isEqualTo(new FlowDrift(Duration.ofMinutes(5), DriftKind.CLOUD_MIGRATION, 0.25));
        assertThat(FlowDrift.parse("at=90s").kind()).isEqualTo(DriftKind.NEW_APPLICATION);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlowDrift.parse("kind=quic"))
                .withMessageContaining("at=");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlowDrift.parse("at=5m,kind=weather"))
                .withMessageContaining("known: new-application");
        assertThatIllegalArgumentException().isThrownBy(() -> FlowDrift.parse("at=soon"));
        assertThatIllegalArgumentException().isThrownBy(() -> FlowDrift.parse("at=5m,share=2"));
        assertThatIllegalArgumentException().isThrownBy(() -> FlowDrift.parse("at=5m,size=2"));
    }

    @Test
    void aNewApplicationAppearsAtItsTime() {
        Predicate<FlowRecord> newPorts =
                flow -> port(flow) == 9443 || (port(flow) >= 8801 && port(flow) <= 8810 && flow.getProtocol() == 17);
        assertShift(DriftKind.NEW_APPLICATION, newPorts, 0.005, 0.03);
    }

    @Test
    void browsingMovesToQuic() {
        assertShift(DriftKind.QUIC, flow -> port(flow) == 443 && flow.getProtocol() == 17, 0.12, 0.2);
    }

    @Test
    void aMigrationEmptiesTheInternalFileServers() {
        Predicate<FlowRecord> other = flow -> port(flow) != 445 && port(flow) != 2049;
        double before = share(DriftKind.CLOUD_MIGRATION, other, false);
        double after = share(DriftKind.CLOUD_MIGRATION, other, true);
        assertThat(1 - after).isLessThan((1 - before) * 0.5);
    }

    @Test
    void transfersGrow() {
        assertShift(DriftKind.LARGER_FLOWS, flow -> flow.getBytesIn() > 20_000, 0.3, 0.3);
    }

    @Test
    void newAttackToolsReplaceOldOnes() {
        List<FlowRecord> flows = FlowGeneratorTest.flows(FlowGeneratorTest.scenario()
                .attackShare(0.2)
                .drifts(List.of(new FlowDrift(AT, DriftKind.NEW_ATTACK_TOOLS, 1)))
                .duration(AT.multipliedBy(2))
                .build());
        Predicate<FlowRecord> newTool = flow -> {
            String campaign = flow.getAttributes().getOrDefault("campaign", "");
            return campaign.contains("/fast_open/")
                    || campaign.contains("/rapid_reset/")
                    || campaign.contains("/portal/");
        };
        long split = FlowScenario.DEFAULT_START.plus(AT).toEpochMilli();

        assertThat(flows.stream()
                        .filter(flow -> flow.getEndTime().toEpochMilli() < split)
                        .filter(newTool))
                .isEmpty();
        assertThat(flows.stream().filter(newTool)).hasSizeGreaterThan(200);
    }

    private static void assertShift(DriftKind kind, Predicate<FlowRecord> which, double most, double least) {
        assertThat(share(kind, which, false)).as("before").isLessThan(most);
        assertThat(share(kind, which, true)).as("after").isGreaterThan(least);
    }

    private static double share(DriftKind kind, Predicate<FlowRecord> which, boolean after) {
        List<FlowRecord> flows = FlowGeneratorTest.flows(FlowGeneratorTest.scenario()
                .flowsPerSecond(150)
                .hosts(150)
                .attacks(java.util.Set.of())
                .drifts(List.of(new FlowDrift(AT, kind, 0.9)))
                .duration(AT.multipliedBy(2))
                .build());
        long split = FlowScenario.DEFAULT_START.plus(AT).toEpochMilli();
        List<FlowRecord> part = flows.stream()
                .filter(flow -> flow.getStartTime().toEpochMilli() >= split == after)
                .toList();
        return part.stream().filter(which).count() / (double) part.size();
    }

    private static int port(FlowRecord flow) {
        return flow.getDestinationPort() == null ? -1 : flow.getDestinationPort();
    }
}
