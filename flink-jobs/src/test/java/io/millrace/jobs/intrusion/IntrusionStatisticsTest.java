package io.millrace.jobs.intrusion;

import java.time.Instant;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;
import io.millrace.schemas.Detection;
import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IntrusionStatisticsTest {
    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private final IntrusionStatistics statistics = new IntrusionStatistics();

    private static Detection detection(Verdict verdict, String label, Instant observed) {
        Detection detection = new Detection();
        detection.setVerdict(verdict);
        detection.setLabel(label);
        detection.setObservedTime(observed);
        return detection;
    }

    private static Alert alert(String id, AlertStatus status) {
        Alert alert = new Alert();
        alert.setAlertId(id);
        alert.setStatus(status);
        return alert;
    }

    @Test
    void verdictsAreHeldAgainstTheirLabels() {
        statistics.detection(detection(Verdict.ATTACK, "scan", NOW), NOW);
        statistics.detection(detection(Verdict.BENIGN, "scan", NOW), NOW);
        statistics.detection(detection(Verdict.ATTACK, "benign", NOW), NOW);
        statistics.detection(detection(Verdict.BENIGN, "benign", NOW), NOW);
        statistics.detection(detection(Verdict.BENIGN, "benign", NOW), NOW);
        statistics.detection(detection(Verdict.ATTACK, null, NOW), NOW);
        assertThat(statistics.detections()).isEqualTo(6);
        assertThat(statistics.attackVerdicts()).isEqualTo(3);
        assertThat(statistics.againstTruth().lines())
                .containsExactly(
                        "  scan               1 of 2 flows flagged", "  benign             1 of 3 flows flagged");
    }

    @Test
    void latencyIsFromArrivalToReadingAndNeverNegative() {
        statistics.detection(detection(Verdict.BENIGN, null, NOW.minusMillis(500)), NOW);
        assertThat(statistics.latencyMillis(50)).isEqualTo(500);
        statistics.detection(detection(Verdict.BENIGN, null, NOW.plusSeconds(5)), NOW);
        statistics.detection(detection(Verdict.BENIGN, null, null), NOW);
        assertThat(statistics.latencyMillis(0)).as("a clock that is ahead").isZero();
        assertThat(statistics.latencyMillis(100)).isEqualTo(500);
        statistics.detection(detection(Verdict.BENIGN, null, Instant.EPOCH), NOW);
        assertThat(statistics.latencyMillis(100)).as("as long as is counted").isBetween(3_590_000L, 3_610_000L);
    }

    @Test
    void anAlertIsNewOnceHoweverManyRevisionsItHas() {
        assertThat(statistics.alert(alert("a", AlertStatus.OPEN))).isTrue();
        assertThat(statistics.alert(alert("a", AlertStatus.UPDATED))).isFalse();
        assertThat(statistics.alert(alert("b", AlertStatus.CLOSED))).isTrue();
        statistics.deadLetter();
        assertThat(statistics.alerts()).isEqualTo(2);
        assertThat(statistics.deadLetters()).isEqualTo(1);
    }
}
