package io.millrace.operators.intrusion;

import java.time.Duration;

import io.millrace.operators.GoldenSavepoint;
import io.millrace.operators.alert.AlertPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the intrusion stage keeps beside its model: histories of hosts and flows that wait, open alerts. */
class GoldenIntrusionTest {

    private static final AlertPolicy POLICY = new AlertPolicy(3, Duration.ofMinutes(5), Duration.ofMinutes(10));

    @Test
    void flowsThatWaitAreLetGoWithTheirHistories() throws Exception {
        GoldenSavepoint<AssemblerHarness> golden = new GoldenSavepoint<>(
                "intrusion-assemble",
                AssemblerHarness::on,
                harness -> harness.send(
                                SampleFlows.flow("10.0.0.1", 1, "a"),
                                SampleFlows.flow("10.0.0.1", 20, "b"),
                                SampleFlows.flow("10.0.0.2", 3, "c"))
                        .passed(10)
                        .send(
                                SampleFlows.flow("10.0.0.1", 30, "d"),
                                SampleFlows.flow("10.0.0.1", 30, "e"),
                                SampleFlows.flow("10.0.0.2", 25, "f")),
                harness -> {
                    harness.send(SampleFlows.flow("10.0.0.1", 15, "g"), SampleFlows.flow("10.0.0.3", 40, "h"));
                    harness.endOfInput();
                },
                harness -> harness.answers().stream()
                        .map(Object::toString)
                        .sorted()
                        .toList());
        golden.check();
        assertThat(golden.size()).isLessThan(50_000);
    }

    @Test
    void openAlertsAreGoneOnWith() throws Exception {
        GoldenSavepoint<AlertHarness> golden = new GoldenSavepoint<>(
                "intrusion-alerts",
                (backend, state) -> AlertHarness.on(backend, POLICY, state),
                harness -> harness.send(
                                SampleDetections.scan("10.0.0.1", 1, "a"),
                                SampleDetections.scan("10.0.0.1", 2, "b"),
                                SampleDetections.scan("10.0.0.1", 3, "c"),
                                SampleDetections.scan("10.0.0.2", 4, "d"))
                        .passed(5),
                harness -> {
                    harness.send(
                            SampleDetections.scan("10.0.0.1", 10, "e"),
                            SampleDetections.scan("10.0.0.2", 11, "f"),
                            SampleDetections.scan("10.0.0.2", 12, "g"));
                    harness.endOfInput();
                },
                harness -> harness.alerts().stream()
                        .map(alert -> alert.getAlertId() + " r" + alert.getRevision() + " " + alert.getStatus() + " "
                                + alert.getEntity() + " " + alert.getKind() + " " + alert.getCount())
                        .sorted()
                        .toList());
        golden.check();
        assertThat(golden.size()).isLessThan(50_000);
    }
}
