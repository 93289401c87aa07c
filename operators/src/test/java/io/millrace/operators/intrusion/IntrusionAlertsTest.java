package io.millrace.operators.intrusion;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntFunction;

import io.millrace.operators.alert.AlertPolicy;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertEvidence;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FieldEvidence;
import io.millrace.schemas.FlowEvidence;
import io.millrace.schemas.Severity;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.millrace.operators.alert.AlertSubjects.ids;
import static io.millrace.operators.intrusion.SampleDetections.at;
import static io.millrace.operators.intrusion.SampleDetections.builder;
import static io.millrace.operators.intrusion.SampleDetections.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class IntrusionAlertsTest {

    private static final String HOST = "192.168.1.9";
    private static final AlertPolicy ONE = new AlertPolicy(1, Duration.ofSeconds(60), Duration.ofDays(365));

    /** The alert as it closes. */
    private static Alert folded(Detection... detections) throws Exception {
        try (AlertHarness harness = AlertHarness.open(ONE)) {
            harness.send(detections).endOfInput();
            return harness.alerts().get(harness.alerts().size() - 1);
        }
    }

    private static List<FlowEvidence> flows(Alert alert) {
        return alert.getEvidence().stream()
                .map(AlertEvidence::getFlow)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<FieldEvidence> fields(Alert alert) {
        return alert.getEvidence().stream()
                .map(AlertEvidence::getField)
                .filter(Objects::nonNull)
                .toList();
    }

    private static Alert folded(int count, IntFunction<Detection.Builder> detections) throws Exception {
        Detection[] all = new Detection[count];
        for (int i = 0; i < count; i++) {
            all[i] = detections.apply(i).build();
        }
        return folded(all);
    }

    private static Detection.Builder scored(String id, double score, double probability) {
        return builder(HOST, "scan", 0, id).setScore(score).setProbability(probability);
    }

    @Test
    void anAlertOfOneDetectionSaysWhatTheDetectionSays() throws Exception {
        Alert alert = folded(builder(HOST, "brute-force", 5, "a")
                .setTechniqueIds(List.of("T1110"))
                .setLabel("brute-force")
                .setFlowEvidence(List.of(new FlowEvidence("flow-a", 0.9, "line")))
                .setFieldEvidence(List.of(new FieldEvidence("bytes_out", "500", 1.5)))
                .build());

        assertThat(alert.getStage()).isEqualTo("intrusion");
        assertThat(alert.getEntity()).isEqualTo(HOST);
        assertThat(alert.getKind()).isEqualTo("brute-force");
        assertThat(alert.getWindowStart()).isEqualTo(at(5));
        assertThat(alert.getWindowEnd()).isEqualTo(at(5));
        assertThat(alert.getEventTime()).isEqualTo(at(5));
        assertThat(alert.getCount()).isEqualTo(1);
        assertThat(alert.getModel()).isEqualTo("toy");
        assertThat(alert.getModelVersion()).isEqualTo("1");
        assertThat(alert.getScore()).isEqualTo(2);
        assertThat(alert.getProbability()).isEqualTo(0.875);
        assertThat(alert.getThreshold()).isEqualTo(0.5);
        assertThat(ids(alert, SubjectRole.SOURCE, SubjectType.HOST)).containsExactly(HOST);
        assertThat(ids(alert, SubjectRole.TARGET, SubjectType.HOST)).containsExactly("10.0.0.1");
        assertThat(ids(alert, SubjectRole.TARGET, SubjectType.PORT)).containsExactly("22");
        assertThat(alert.getDistinct().get("target-host")).isEqualTo(1);
        assertThat(alert.getDistinct().get("target-port")).isEqualTo(1);
        assertThat(alert.getObservationIds()).containsExactly("flow-a");
        assertThat(alert.getTechniqueIds()).containsExactly("T1110");
        assertThat(flows(alert)).containsExactly(new FlowEvidence("flow-a", 0.9, "line"));
        assertThat(fields(alert)).containsExactly(new FieldEvidence("bytes_out", "500", 1.5));
        assertThat(alert.getLabel()).isEqualTo("brute-force");
    }

    @Test
    void theIdIsThatOfTheFirstDetectionOfTheEntityAndKind() throws Exception {
        String id = folded(scan(HOST, 0, "a"), scan(HOST, 1, "b")).getAlertId();
        assertThat(UUID.fromString(id)).hasToString(id);
        assertThat(folded(scan(HOST, 0, "a")).getAlertId()).isEqualTo(id);
        assertThat(folded(scan(HOST, 0, "b")).getAlertId()).isNotEqualTo(id);
        assertThat(folded(scan("192.168.1.10", 0, "a")).getAlertId()).isNotEqualTo(id);
        assertThat(folded(builder(HOST, "beaconing", 0, "a").build()).getAlertId())
                .isNotEqualTo(id);
    }

    @Test
    void firstAndLastSeenSpanTheEventTimesWhateverTheirOrder() throws Exception {
        Alert alert = folded(scan(HOST, 30, "a"), scan(HOST, 10, "b"), scan(HOST, 50, "c"), scan(HOST, 20, "d"));
        assertThat(alert.getWindowStart()).isEqualTo(at(10));
        assertThat(alert.getWindowEnd()).isEqualTo(at(50));
        assertThat(alert.getCount()).isEqualTo(4);
    }

    @Test
    void scoreAndProbabilityAreTheHighestSoFar() throws Exception {
        Alert alert = folded(
                scored("a", 1, 0.7).build(),
                scored("b", 3, 0.9).build(),
                scored("c", 2, 0.8).build());
        assertThat(alert.getScore()).isEqualTo(3);
        assertThat(alert.getProbability()).isEqualTo(0.9);
    }

    @Test
    void aModelThatIsCalibratedOtherwiseMayGiveTheHighestProbabilityAtALowerScore() throws Exception {
        Alert alert = folded(
                scored("a", 3, 0.7).setModelVersion("1").build(),
                scored("b", 2, 0.9).setModelVersion("2").setThreshold(0.6).build());
        assertThat(alert.getScore()).isEqualTo(3);
        assertThat(alert.getProbability()).isEqualTo(0.9);
        assertThat(alert.getModelVersion()).isEqualTo("2");
        assertThat(alert.getThreshold()).as("in force at the latest").isEqualTo(0.6);
    }

    @Test
    void evidenceIsThatOfTheStrongestDetectionThatHasAny() throws Exception {
        List<FlowEvidence> weakFlows = List.of(new FlowEvidence("weak", 0.5, "line"));
        List<FlowEvidence> strongFlows = List.of(new FlowEvidence("strong", 0.5, "line"));
        List<FieldEvidence> weakFields = List.of(new FieldEvidence("bytes_out", "1", 0.5));

        Alert alert = folded(
                scored("a", 1, 0.7)
                        .setFlowEvidence(weakFlows)
                        .setFieldEvidence(weakFields)
                        .build(),
                scored("b", 3, 0.9).setFlowEvidence(strongFlows).build(),
                scored("c", 2, 0.8).setFlowEvidence(weakFlows).build());

        assertThat(flows(alert)).isEqualTo(strongFlows);
        assertThat(fields(alert)).as("the strongest was not explained").isEqualTo(weakFields);
    }

    @Test
    void listsHoldTheFirstOfEachAndEstimatesGoOn() throws Exception {
        Alert alert = folded(
                100,
                i -> builder(HOST, "scan", i, Integer.toString(i / 2))
                        .setSourceAddress("192.168.2." + i / 2)
                        .setDestinationAddress("10.0.0." + i / 2)
                        .setDestinationPort(1_000 + i / 2));

        assertThat(ids(alert, SubjectRole.SOURCE, SubjectType.HOST))
                .hasSize(32)
                .startsWith("192.168.2.0", "192.168.2.1");
        assertThat(ids(alert, SubjectRole.TARGET, SubjectType.HOST)).hasSize(32).startsWith("10.0.0.0", "10.0.0.1");
        assertThat(ids(alert, SubjectRole.TARGET, SubjectType.PORT))
                .hasSize(32)
                .startsWith("1000", "1001")
                .endsWith("1031");
        assertThat(alert.getObservationIds())
                .hasSize(32)
                .startsWith("flow-0", "flow-1")
                .endsWith("flow-31");
        assertThat(alert.getDistinct().get("target-host")).isBetween(47L, 53L);
        assertThat(alert.getDistinct().get("target-port")).isBetween(47L, 53L);
        assertThat(alert.getCount()).isEqualTo(100);
    }

    @Test
    void theLabelIsTheMostFrequentTruthAndTheFirstOfEquals() throws Exception {
        List<Detection> detections = new ArrayList<>();
        for (String label : new String[] {"benign", "scan", "scan", null, null, null, "benign"}) {
            detections.add(builder(HOST, "scan", 0, "d" + detections.size())
                    .setLabel(label)
                    .build());
        }
        assertThat(folded(detections.get(3)).getLabel()).as("unknown").isNull();
        assertThat(folded(detections.subList(0, 2).toArray(Detection[]::new)).getLabel())
                .isEqualTo("benign");
        assertThat(folded(detections.subList(0, 6).toArray(Detection[]::new)).getLabel())
                .isEqualTo("scan");
        assertThat(folded(detections.toArray(Detection[]::new)).getLabel())
                .as("two of each: the one that stood before")
                .isEqualTo("scan");
    }

    @Test
    void truthsBeyondTheEighthAreNotCounted() throws Exception {
        Alert alert = folded(12, i -> builder(HOST, "scan", i, "d" + i).setLabel(i < 8 ? "kind-" + i : "ninth"));
        assertThat(alert.getLabel()).isEqualTo("kind-0");
    }

    @ParameterizedTest
    @CsvSource({
        "scan, 1, LOW",
        "scan, 99, LOW",
        "scan, 100, MEDIUM",
        "scan, 10000, HIGH",
        "anomaly, 1, LOW",
        "brute-force, 1, MEDIUM",
        "brute-force, 100, HIGH",
        "denial-of-service, 1, MEDIUM",
        "denial-of-service, 10000, CRITICAL",
        "exfiltration, 1, HIGH",
        "exfiltration, 100, CRITICAL",
        "exfiltration, 10000, CRITICAL",
        "beaconing, 1, HIGH",
        "exploit, 1, HIGH",
        "neptune, 1, LOW"
    })
    void severityFollowsKindAndCount(String kind, int count, Severity severity) throws Exception {
        assertThat(folded(count, i -> builder(HOST, kind, i, "d")).getSeverity())
                .isEqualTo(severity);
    }

    @Test
    void theSummaryIsOneReadableLine() throws Exception {
        assertThat(folded(scan(HOST, 0, "a")).getSummary())
                .isEqualTo("scan by 192.168.1.9: 1 flow to 1 host (10.0.0.1), 1 port (22) within 0 s,"
                        + " p 0.875 (threshold 0.500) T1046");
        assertThat(folded(
                                1_200,
                                i -> builder(HOST, "exfiltration", i, "d" + i)
                                        .setDestinationAddress("10.0.0." + i % 2)
                                        .setDestinationPort(null)
                                        .setTechniqueIds(List.of()))
                        .getSummary())
                .isEqualTo(
                        "exfiltration by 192.168.1.9: 1,200 flows to 2 hosts within 19 min, p 0.875 (threshold 0.500)");
        assertThat(folded(
                                7,
                                i -> builder(HOST, "scan", i * 1_500, "d" + i)
                                        .setDestinationPort(20 + i)
                                        .setTechniqueIds(List.of("T1046", "T1595")))
                        .getSummary())
                .isEqualTo("scan by 192.168.1.9: 7 flows to 1 host (10.0.0.1), 7 ports (20, 21, 22, 23, 24, ...)"
                        + " within 2 h, p 0.875 (threshold 0.500) T1046,T1595");
    }

    @Test
    void aBenignVerdictGivesNoticeOfNothing() {
        IntrusionAlerts alerts = new IntrusionAlerts();
        Detection benign =
                builder(HOST, null, 0, "a").setVerdict(Verdict.BENIGN).build();
        assertThat(alerts.observations(benign)).isEmpty();
        assertThat(alerts.observations(scan(HOST, 0, "a"))).hasSize(1);
        assertThat(alerts.observedUntil(benign))
                .as("watermarks say how far time has gone")
                .isEqualTo(Long.MIN_VALUE);
    }

    /** An observation whose log-odds lie so far above those of a threshold. */
    private static Alert beyond(String kind, double logOdds, double threshold) {
        double odds = threshold / (1 - threshold) * Math.exp(logOdds);
        Detection detection = builder(HOST, kind, 0, "a")
                .setThreshold(threshold)
                .setProbability(odds / (1 + odds))
                .build();
        return new IntrusionAlerts().observations(detection).get(0);
    }

    @ParameterizedTest
    @CsvSource({"0.5", "0.05", "0.9"})
    void aDetectionCountsForMoreTheFartherItIsBeyondTheThreshold(double threshold) {
        IntrusionAlerts alerts = new IntrusionAlerts();

        assertThat(alerts.weight(beyond("scan", 0, threshold))).isCloseTo(0, within(1e-9));
        assertThat(alerts.weight(beyond("scan", 1.0 / 3, threshold))).isCloseTo(0.5, within(1e-9));
        assertThat(alerts.weight(beyond("scan", 2.0 / 3, threshold))).isCloseTo(1, within(1e-9));
        assertThat(alerts.weight(beyond("scan", 5, threshold)))
                .as("one flow alone is no attack")
                .isEqualTo(2.5);
    }

    @ParameterizedTest
    @CsvSource({"scan, 1", "denial-of-service, 1", "anomaly, 1", "beaconing, 3", "brute-force, 3", "exfiltration, 3"})
    void whatEverydayProgrammesAlsoDoHasToBeSurer(String kind, int times) {
        double weight = new IntrusionAlerts().weight(beyond(kind, 2.0 / 3, 0.7));

        assertThat(weight).isCloseTo(1.0 / times, within(1e-9));
    }

    @Test
    void certaintyAndAThresholdAtTheEdgeHaveAWeight() {
        Detection detection = scan(HOST, 0, "a");
        for (double edge : new double[] {0, 1}) {
            Alert one = new IntrusionAlerts().observations(detection).get(0);
            one.setProbability(1.0);
            one.setThreshold(edge);
            assertThat(new IntrusionAlerts().weight(one)).isBetween(0.0, 2.5);
        }
    }
}
