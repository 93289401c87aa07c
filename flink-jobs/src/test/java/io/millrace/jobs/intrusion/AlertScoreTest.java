package io.millrace.jobs.intrusion;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.millrace.operators.alert.AlertSubjects;
import io.millrace.operators.alert.Observation;
import io.millrace.schemas.Alert;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.Severity;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AlertScoreTest {
    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00Z");

    private final AlertScore score = new AlertScore();

    private static Alert alert(String kind, Severity severity) {
        return Observation.of("intrusion", "host", kind, "id", NOW)
                .setWindowStart(NOW)
                .setSeverity(severity)
                .setModel("m")
                .setModelVersion("1")
                .setScore(1)
                .setThreshold(0.5)
                .setSubjects(List.of(AlertSubjects.of(SubjectRole.SOURCE, SubjectType.HOST, "host")))
                .build();
    }

    private static Campaigns.Campaign campaign(String name, int flows, boolean found) {
        Campaigns campaigns = new Campaigns();
        for (int i = 0; i < flows; i++) {
            campaigns.add(FlowRecord.newBuilder()
                    .setFlowId("f")
                    .setSensor("test")
                    .setSourceFormat(FlowFormat.SIMULATED)
                    .setStartTime(NOW)
                    .setEndTime(NOW)
                    .setSourceAddress("a")
                    .setDestinationAddress("b")
                    .setProtocol(6)
                    .setAttributes(Map.of("campaign", name))
                    .setLabel(name.substring(0, name.indexOf('/')))
                    .build());
        }
        Campaigns.Campaign campaign = campaigns.all().iterator().next();
        if (found) {
            campaign.markFound();
        }
        return campaign;
    }

    @Test
    void nothingIsToldWithoutDividingByIt() {
        assertThat(score.alertsInWords())
                .isEqualTo("0 of 0 alerts right (0.0 %), 0 of the right host and a wrong kind, 0 wrong");
        assertThat(score.campaignsInWords()).isEqualTo("0 of 0 attacks of 8 flows or more found");
        assertThat(score.table()).isEmpty();
    }

    @Test
    void alertsAreCountedByKindSeverityAndVerdict() {
        score.add(alert("scan", Severity.HIGH), AlertScore.Verdict.RIGHT);
        score.add(alert("scan", Severity.HIGH), AlertScore.Verdict.RIGHT);
        score.add(alert("scan", Severity.LOW), AlertScore.Verdict.WRONG);
        score.add(alert("beaconing", Severity.HIGH), AlertScore.Verdict.OTHER_KIND);
        assertThat(score.byKind().get("scan"))
                .isEqualTo(Map.of(
                        Severity.HIGH, new AlertScore.Alerts(2, 0, 0), Severity.LOW, new AlertScore.Alerts(0, 0, 1)));
        assertThat(score.alerts()).isEqualTo(new AlertScore.Alerts(2, 1, 1));
        assertThat(score.alerts().all()).isEqualTo(4);
        assertThat(score.alertsInWords())
                .isEqualTo("2 of 4 alerts right (50.0 %), 1 of the right host and a wrong kind, 1 wrong");
        assertThat(score.table())
                .containsExactlyInAnyOrder(
                        "  scan               HIGH     2 right, 0 of a wrong kind, 0 wrong",
                        "  scan               LOW      0 right, 0 of a wrong kind, 1 wrong",
                        "  beaconing          HIGH     0 right, 1 of a wrong kind, 0 wrong");
    }

    @Test
    void campaignsAreAskedForFromEightFlowsOn() {
        score.add(campaign("scan/small", 7, false));
        score.add(campaign("scan/missed", 8, false));
        score.add(campaign("scan/found", 9, true));
        assertThat(score.campaigns()).isEqualTo(Map.of("scan", new AlertScore.Found(1, 1)));
        assertThat(score.missed()).containsExactly("scan/missed (8 flows)");
        assertThat(score.campaignsInWords()).isEqualTo("1 of 2 attacks of 8 flows or more found");
        assertThat(score.table()).containsExactly("  scan               1 of 2 attacks found");
    }

    @Test
    void scoresOfRunsAddUp() {
        score.add(alert("scan", Severity.HIGH), AlertScore.Verdict.RIGHT);
        score.add(campaign("scan/1", 8, true));
        AlertScore other = new AlertScore(score);
        other.add(alert("scan", Severity.HIGH), AlertScore.Verdict.WRONG);
        other.add(campaign("scan/2", 8, false));
        assertThat(score.alerts()).as("a copy is a copy").isEqualTo(new AlertScore.Alerts(1, 0, 0));
        score.add(other);
        assertThat(score.alerts()).isEqualTo(new AlertScore.Alerts(2, 0, 1));
        assertThat(score.allCampaigns()).isEqualTo(new AlertScore.Found(2, 1));
        assertThat(score.missed()).containsExactly("scan/2 (8 flows)");
    }

    @Test
    void aHundredMissedCampaignsAreNamedAndAllAreCounted() {
        for (int i = 0; i < 101; i++) {
            score.add(campaign("scan/" + i, 8, false));
        }
        assertThat(score.missed()).hasSize(100);
        assertThat(score.allCampaigns().missed()).isEqualTo(101);
    }
}
