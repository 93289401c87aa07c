package io.millrace.it.recovery;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.millrace.it.LocalInfrastructure;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/** Network flows: per key the same detections in the same order. */
final class IntrusionScenario implements RecoveryScenario<Committed> {

    private static final int KEYS = 500;
    private static final int FLOWS = 24_000;
    private static final long SEED = 20_260_105;

    private List<FlowRecord> flows;

    @Override
    public void prepare(Path folder) {
        flows = SeededFlows.of(SEED, KEYS, FLOWS, Duration.ofSeconds(1));
    }

    @Override
    public IntrusionRun open(LocalInfrastructure local, FlinkCluster cluster, Path folder) {
        return IntrusionRun.over(local, cluster, folder, flows);
    }

    @Override
    public void check(Committed undisturbed) {
        assertThat(undisturbed.byKey()).hasSizeGreaterThanOrEqualTo(KEYS);
        assertThat(undisturbed.detections())
                .as("each flow once")
                .doesNotHaveDuplicates()
                .anyMatch(detection -> detection.getVerdict() == Verdict.ATTACK)
                .anyMatch(detection -> detection.getVerdict() == Verdict.BENIGN);
        assertThat(undisturbed.alerts()).isNotEmpty();
        assertThat(undisturbed.samples()).isNotEmpty();
        assertThat(undisturbed.deadLetters()).isEmpty();
    }

    @Override
    public Duration betweenKills() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration throughKills() {
        return Duration.ofSeconds(75);
    }

    @Override
    public Duration throughOneFailure() {
        return Duration.ofSeconds(25);
    }

    @Override
    public String toString() {
        return "intrusion";
    }
}
