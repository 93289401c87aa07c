package io.millrace.operators.intrusion;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.operators.OperatorModes;
import io.millrace.operators.alert.AlertPolicy;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FlowEvidence;
import org.junit.jupiter.api.Test;

import static io.millrace.operators.intrusion.SampleDetections.at;
import static io.millrace.operators.intrusion.SampleDetections.scan;
import static org.assertj.core.api.Assertions.assertThat;

class IntrusionCorrelationTest {

    private static final String HOST = "192.168.1.9";
    private static final AlertPolicy POLICY = new AlertPolicy(3, Duration.ofSeconds(60), Duration.ofSeconds(100));
    private static final AlertPolicy AT_ONCE = new AlertPolicy(1, Duration.ofSeconds(60), Duration.ofSeconds(100));

    @Test
    void aDetectionAfterTheQuietTimeEndsTheOldAlertWhetherOrNotTheWatermarkHasSaidSo() throws Exception {
        try (AlertHarness coarse = AlertHarness.open(AT_ONCE);
                AlertHarness fine = AlertHarness.open(AT_ONCE)) {
            coarse.send(scan(HOST, 0, "a"), scan(HOST, 101, "b")).passed(1_000);
            fine.send(scan(HOST, 0, "a")).passed(100.5);
            fine.send(scan(HOST, 101, "b")).passed(1_000);
            assertThat(coarse.story()).containsExactly("OPEN 1", "CLOSED 1", "OPEN 1", "CLOSED 1");
            assertThat(coarse.story()).isEqualTo(fine.story());
            assertThat(ids(coarse.alerts())).isEqualTo(ids(fine.alerts()));
            assertThat(ids(coarse.alerts()).stream().distinct())
                    .as("two alerts")
                    .hasSize(2);
        }
    }

    private static List<String> ids(List<Alert> alerts) {
        return alerts.stream().map(Alert::getAlertId).toList();
    }

    @Test
    void aDetectionAtTheVeryEndOfTheQuietTimeStillBelongsToTheAlert() throws Exception {
        try (AlertHarness harness = AlertHarness.open(AT_ONCE)) {
            harness.send(scan(HOST, 0, "a")).passed(99.999);
            harness.send(scan(HOST, 100, "b")).passed(199.999);
            assertThat(harness.story()).containsExactly("OPEN 1");
            harness.passed(200);
            assertThat(harness.story()).containsExactly("OPEN 1", "CLOSED 2");
        }
    }

    @Test
    void aTimerOfAnAlertThatIsOverDoesNotCloseTheNextOne() throws Exception {
        try (AlertHarness harness = AlertHarness.open(AT_ONCE)) {
            harness.send(scan(HOST, 0, "a"), scan(HOST, 150, "b")).passed(100);
            assertThat(harness.story()).containsExactly("OPEN 1", "CLOSED 1", "OPEN 1");
            harness.passed(249);
            assertThat(harness.story()).hasSize(3);
            harness.passed(250);
            assertThat(harness.story()).containsExactly("OPEN 1", "CLOSED 1", "OPEN 1", "CLOSED 1");
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void theDetectionsThatOpenAnAlertAreThoseOfTheLatestSpanAndNotOfTheFirst() throws Exception {
        try (AlertHarness harness = AlertHarness.open(POLICY)) {
            harness.send(scan(HOST, 0, "a"), scan(HOST, 40, "b"), scan(HOST, 61, "c"));
            assertThat(harness.alerts()).as("never three within 60 s").isEmpty();
            harness.send(scan(HOST, 100, "d"));
            Alert opened = harness.alerts().get(0);
            assertThat(harness.story()).containsExactly("OPEN 3");
            assertThat(opened.getWindowStart()).isEqualTo(at(40));
            assertThat(opened.getWindowEnd()).isEqualTo(at(100));
            assertThat(opened.getObservationIds()).containsExactly("flow-b", "flow-c", "flow-d");
        }
    }

    @Test
    void tooFewDetectionsNeverMakeAnAlertAndAreForgotten() throws Exception {
        try (AlertHarness harness = AlertHarness.open(POLICY)) {
            harness.send(scan(HOST, 0, "a"), scan(HOST, 10, "b")).passed(70);
            assertThat(harness.alerts()).isEmpty();
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void aShortQuietTimeDoesNotForgetDetectionsThatStillCountTowardsAnAlert() throws Exception {
        AlertPolicy closesSoon = new AlertPolicy(3, Duration.ofSeconds(60), Duration.ofSeconds(10));
        try (AlertHarness harness = AlertHarness.open(closesSoon)) {
            harness.send(scan(HOST, 0, "a")).passed(20);
            harness.send(scan(HOST, 25, "b")).passed(50);
            harness.send(scan(HOST, 55, "c"));
            assertThat(harness.story()).containsExactly("OPEN 3");
            harness.passed(64.999);
            assertThat(harness.story()).hasSize(1);
            harness.passed(65);
            assertThat(harness.story()).containsExactly("OPEN 3", "CLOSED 3");
        }
    }

    @Test
    void revisionsComeAtPowersOfTenAndAtTheEnd() throws Exception {
        try (AlertHarness harness = AlertHarness.open(POLICY)) {
            for (int i = 0; i < 1_005; i++) {
                harness.send(scan(HOST, i * 0.1, "d" + i));
            }
            harness.passed(10_000);
            assertThat(harness.story())
                    .containsExactly("OPEN 3", "UPDATED 10", "UPDATED 100", "UPDATED 1000", "CLOSED 1005");
            assertThat(harness.alerts()).extracting(Alert::getRevision).containsExactly(0, 1, 2, 3, 4);
            assertThat(harness.alerts())
                    .extracting(Alert::getAlertId)
                    .containsOnly(ids(harness.alerts()).get(0));
        }
    }

    @Test
    void hostsAndKindsHaveAlertsOfTheirOwn() throws Exception {
        try (AlertHarness harness = AlertHarness.open(AT_ONCE)) {
            harness.send(
                    scan(HOST, 0, "a"),
                    scan("192.168.1.10", 1, "b"),
                    SampleDetections.builder(HOST, "beaconing", 2, "c").build(),
                    scan(HOST, 3, "d"));
            assertThat(harness.alerts()).hasSize(3).allMatch(alert -> alert.getStatus() == AlertStatus.OPEN);
            assertThat(harness.alerts()).extracting(Alert::getAlertId).doesNotHaveDuplicates();
        }
    }

    @Test
    void lateDetectionsAreFoldedInAndKeepAnAlertOpen() throws Exception {
        try (AlertHarness harness = AlertHarness.open(POLICY)) {
            harness.passed(1_000);
            harness.send(scan(HOST, 10, "a")).passed(1_010);
            harness.send(scan(HOST, 30, "b")).passed(1_020);
            harness.send(scan(HOST, 20, "c")).passed(1_030);
            assertThat(harness.story()).containsExactly("OPEN 3");
            Alert opened = harness.alerts().get(0);
            assertThat(opened.getWindowStart()).isEqualTo(at(10));
            assertThat(opened.getWindowEnd()).isEqualTo(at(30));
            harness.passed(1_119);
            assertThat(harness.story())
                    .as("quiet is counted from when the last one came")
                    .hasSize(1);
            harness.passed(1_120);
            assertThat(harness.story()).containsExactly("OPEN 3", "CLOSED 3");
        }
    }

    @Test
    void anAlertThatHasBeenSentIsNotChangedByWhatComesLater() throws Exception {
        try (AlertHarness harness = AlertHarness.open(AT_ONCE)) {
            harness.send(scan(HOST, 0, "a"));
            Alert sent = harness.alerts().get(0);
            String before = sent.toString();
            harness.send(scan(HOST, 1, "b"), scan(HOST, 2, "c"));
            assertThat(sent).hasToString(before);
        }
    }

    @Test
    void everyModeOfTheJobGivesTheSameRevisions() throws Exception {
        OperatorModes<Detection> modes = new OperatorModes<>(
                (parallelism, index, restored) -> AlertHarness.open(POLICY, parallelism, index, restored));
        for (int i = 0; i < 40; i++) {
            String host = "192.168.1." + i / 2 % 2;
            double second = i < 20 ? i : 200 + i;
            Detection detection = SampleDetections.builder(host, i % 2 == 0 ? "beaconing" : "scan", second, "d" + i)
                    .setDestinationPort(1_000 + i)
                    .setLabel(i % 2 == 0 ? "scan" : null)
                    .setScore(i % 7)
                    .setFlowEvidence(List.of(new FlowEvidence("f" + i, 0.5, "line")))
                    .build();
            modes.record(host, detection, at(second).toEpochMilli());
            if (i % 5 == 0) {
                modes.watermark(at(second).toEpochMilli() - 1);
            }
        }
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers).hasSize(4);
        answers.values()
                .forEach(revisions -> assertThat(revisions)
                        .as("opened and closed twice")
                        .hasSizeGreaterThanOrEqualTo(4)
                        .filteredOn(revision -> revision.contains("CLOSED"))
                        .hasSize(2));
    }
}
