package io.millrace.operators.intrusion;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.millrace.operators.GoldenRecord;
import io.millrace.operators.GoldenSavepoint;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.alert.AlertState;
import io.millrace.schemas.Alert;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.junit.jupiter.api.Test;

/** What the intrusion stage keeps beside its model: histories of hosts and flows that wait, open alerts. */
class GoldenIntrusionTest {

    private static final AlertPolicy POLICY = new AlertPolicy(3, Duration.ofMinutes(5), Duration.ofMinutes(10));

    private final GoldenSavepoint<AssemblerHarness> flows = new GoldenSavepoint<>(
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
                            SampleFlows.flow("10.0.0.2", 25, "f")));

    private final GoldenSavepoint<AlertHarness> alerts = new GoldenSavepoint<>(
            "intrusion-alerts",
            (backend, state) -> AlertHarness.on(backend, POLICY, state),
            harness -> harness.send(
                            SampleDetections.scan("10.0.0.1", 1, "a"),
                            SampleDetections.scan("10.0.0.1", 2, "b"),
                            SampleDetections.scan("10.0.0.1", 3, "c"),
                            SampleDetections.scan("10.0.0.2", 4, "d"))
                    .passed(5));

    private static List<String> told(AssemblerHarness harness) {
        return Stream.concat(
                        harness.answers().stream().map(Object::toString),
                        Stream.of("timers " + harness.numEventTimeTimers()))
                .sorted()
                .toList();
    }

    /** Every revision and its time in the stream, without when it was emitted. */
    private static List<Object> told(AlertHarness harness) {
        List<Object> told = new ArrayList<>();
        harness.extractOutputStreamRecords().stream()
                .sorted(Comparator.comparing(record ->
                        record.getValue().getAlertId() + " " + record.getValue().getRevision()))
                .forEach(record -> {
                    told.add(record.getTimestamp());
                    told.add(Alert.newBuilder(record.getValue())
                            .setEmittedTime(Instant.EPOCH)
                            .build());
                });
        return told;
    }

    @Test
    void flowsThatWaitAreLetGoWithTheirHistories() throws Exception {
        flows.check(
                "going-on",
                harness -> {
                    harness.send(SampleFlows.flow("10.0.0.1", 15, "g"), SampleFlows.flow("10.0.0.3", 40, "h"));
                    harness.endOfInput();
                },
                GoldenIntrusionTest::told);
    }

    @Test
    void aFlowThatIsLateBySavedTimeAloneIsLate() throws Exception {
        flows.check(
                "late",
                harness -> harness.send(
                                SampleFlows.flow("10.0.0.9", 9, "late"), SampleFlows.flow("10.0.0.9", 11, "not"))
                        .passed(12),
                GoldenIntrusionTest::told);
    }

    @Test
    void aHostThatIsNotMetAgainIsForgotten() throws Exception {
        flows.check(
                "forgotten",
                harness -> harness.passed(26 + AssemblerHarness.TTL.toSeconds())
                        .send(SampleFlows.flow("10.0.0.1", 629, "i"), SampleFlows.flow("10.0.0.2", 629, "j"))
                        .passed(629),
                GoldenIntrusionTest::told);
    }

    @Test
    void openAlertsAreGoneOnWith() throws Exception {
        alerts.check(
                "going-on",
                harness -> {
                    harness.send(
                            SampleDetections.scan("10.0.0.1", 10, "e"),
                            SampleDetections.scan("10.0.0.2", 11, "f"),
                            SampleDetections.scan("10.0.0.2", 12, "g"));
                    harness.endOfInput();
                },
                GoldenIntrusionTest::told);
    }

    @Test
    void anAlertIsClosedByTheTimerThatWasSaved() throws Exception {
        alerts.check("closed", harness -> harness.passed(900), GoldenIntrusionTest::told);
    }

    @Test
    void recordsThatWaitForTheModelAreRead() throws Exception {
        AssembledFlow flow = new AssembledFlow(
                SampleFlows.flow("10.0.0.1", 1, "a"),
                AssemblerHarness.originOf(SampleFlows.flow("10.0.0.1", 1, "a")),
                new double[] {0.5, -1, Double.MAX_VALUE},
                7,
                new String[] {"b", "c"},
                new String[] {"flow b", "flow c"});
        GoldenRecord.check(TypeInformation.of(AssembledFlow.class), flow);
    }

    @Test
    void whatIsKeptOfAHostIsRead() throws Exception {
        HostState state = new HostState();
        state.sequence = 12;
        state.lastTime = 1_000;
        state.expiryTimer = 2_000;
        state.history = new byte[] {1, 2, 3};
        state.ids = new String[] {"a", "b"};
        state.summaries = new String[] {"flow a", "flow b"};
        GoldenRecord.check(HostState.TYPE, state);
    }

    @Test
    void whatIsKeptOfAnAlertIsRead() throws Exception {
        AlertState state = new AlertState();
        try (AlertHarness harness = AlertHarness.open(POLICY)) {
            harness.send(
                            SampleDetections.scan("10.0.0.1", 1, "a"),
                            SampleDetections.scan("10.0.0.1", 2, "b"),
                            SampleDetections.scan("10.0.0.1", 3, "c"))
                    .passed(5);
            state.alert = Alert.newBuilder(harness.alerts().get(0))
                    .setEmittedTime(Instant.EPOCH)
                    .build();
        }
        state.pending = List.of(state.alert);
        state.activeUntil = 3_000;
        state.timer = 4_000;
        state.seen = Map.of("target", new long[] {1, 2});
        state.labels = Map.of("scan", 3L);
        GoldenRecord.check(TypeInformation.of(AlertState.class), state);
    }
}
