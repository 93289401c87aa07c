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

class AlertLedgerTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

    private final AlertLedger ledger = new AlertLedger();

    private static Instant at(double second) {
        return START.plusMillis((long) (second * 1000));
    }

    private static FlowRecord flow(String from, String to, double second, String campaign) {
        return FlowRecord.newBuilder()
                .setFlowId(from + to + second)
                .setSensor("test")
                .setSourceFormat(FlowFormat.SIMULATED)
                .setStartTime(at(second))
                .setEndTime(at(second + 0.5))
                .setSourceAddress(from)
                .setDestinationAddress(to)
                .setProtocol(6)
                .setAttributes(campaign == null ? Map.of() : Map.of("campaign", campaign))
                .setLabel(campaign == null ? "benign" : campaign.substring(0, campaign.indexOf('/')))
                .build();
    }

    /** Flows of a campaign, one a second. */
    private void campaign(String name, String from, String to, double second, int flows) {
        for (int i = 0; i < flows; i++) {
            ledger.flow(flow(from, to, second + i, name));
        }
    }

    private void alert(String id, String kind, String host, double from, double to) {
        ledger.alert(alert(id, kind, host, SubjectRole.SOURCE, from, to, 0));
    }

    private static Alert alert(
            String id, String kind, String host, SubjectRole role, double from, double to, int revision) {
        return Observation.of("intrusion", host, kind, id, at(to))
                .setWindowStart(at(from))
                .setRevision(revision)
                .setSeverity(Severity.LOW)
                .setModel("m")
                .setModelVersion("1")
                .setScore(1)
                .setThreshold(0.5)
                .setSubjects(List.of(AlertSubjects.of(role, SubjectType.HOST, host)))
                .build();
    }

    @Test
    void anAlertIsRightByHostKindAndTime() {
        campaign("scan/syn/1", "6.6.6.6", "10.0.0.1", 10, 8);
        alert("right", "scan", "6.6.6.6", 12, 14);
        alert("kind", "brute-force", "6.6.6.6", 12, 14);
        alert("host", "scan", "7.7.7.7", 12, 14);
        alert("early", "scan", "6.6.6.6", 2, 9);
        alert("victim", "scan", "10.0.0.1", 12, 14);

        AlertScore score = ledger.score();

        assertThat(score.byKind().get("scan").get(Severity.LOW)).isEqualTo(new AlertScore.Alerts(1, 0, 3));
        assertThat(score.byKind().get("brute-force").get(Severity.LOW)).isEqualTo(new AlertScore.Alerts(0, 1, 0));
        assertThat(score.allCampaigns()).isEqualTo(new AlertScore.Found(1, 0));
        assertThat(ledger.notRight())
                .extracting(Alert::getAlertId)
                .containsExactlyInAnyOrder("kind", "host", "early", "victim");
    }

    @Test
    void anAlertAboutATargetIsRightByWhoIsAttacked() {
        campaign("denial-of-service/syn/1", "6.6.6.6", "10.0.0.1", 0, 9);
        ledger.alert(alert("t", "denial-of-service", "10.0.0.1", SubjectRole.TARGET, 3, 5, 0));
        ledger.alert(alert("a", "denial-of-service", "6.6.6.6", SubjectRole.TARGET, 3, 5, 0));

        assertThat(ledger.score().alerts()).isEqualTo(new AlertScore.Alerts(1, 0, 1));
    }

    @Test
    void onlyCampaignsOfEightFlowsAreAskedFor() {
        campaign("scan/syn/1", "6.6.6.6", "10.0.0.1", 0, 7);
        campaign("scan/syn/2", "6.6.6.7", "10.0.0.1", 0, 8);

        AlertScore score = ledger.score();

        assertThat(score.allCampaigns()).isEqualTo(new AlertScore.Found(0, 1));
        assertThat(score.missed()).containsExactly("scan/syn/2 (8 flows)");
    }

    @Test
    void theNewestRevisionStands() {
        campaign("scan/syn/1", "6.6.6.6", "10.0.0.1", 100, 8);
        ledger.alert(alert("one", "scan", "6.6.6.6", SubjectRole.SOURCE, 50, 105, 1));
        ledger.alert(alert("one", "scan", "6.6.6.6", SubjectRole.SOURCE, 50, 60, 0));

        assertThat(ledger.score().alerts()).isEqualTo(new AlertScore.Alerts(1, 0, 0));
    }

    @Test
    void whatIsLongOverIsCountedOnceAndForgotten() {
        campaign("scan/syn/1", "6.6.6.6", "10.0.0.1", 0, 8);
        campaign("scan/syn/2", "6.6.6.7", "10.0.0.1", 0, 8);
        alert("right", "scan", "6.6.6.6", 0, 5);
        alert("wrong", "scan", "7.7.7.7", 0, 5);
        for (int second = 0; second < 7200; second += 30) {
            ledger.flow(flow("10.0.0.2", "10.0.0.3", second, null));
        }

        assertThat(ledger.notRight()).isEmpty();
        AlertScore score = ledger.score();
        assertThat(score.alerts()).isEqualTo(new AlertScore.Alerts(1, 0, 1));
        assertThat(score.allCampaigns()).isEqualTo(new AlertScore.Found(1, 1));
    }

    @Test
    void theScoreReadsAsSentencesAndATable() {
        campaign("scan/syn/1", "6.6.6.6", "10.0.0.1", 0, 8);
        campaign("beaconing/dns/2", "6.6.6.7", "10.0.0.1", 0, 9);
        alert("right", "scan", "6.6.6.6", 0, 5);
        alert("kind", "beaconing", "6.6.6.6", 0, 5);
        alert("wrong", "scan", "7.7.7.7", 0, 5);

        AlertScore score = ledger.score();

        assertThat(score.alertsInWords())
                .isEqualTo("1 of 3 alerts right (33.3 %), 1 of the right host and a wrong kind, 1 wrong");
        assertThat(score.campaignsInWords()).isEqualTo("1 of 2 attacks of 8 flows or more found");
        assertThat(score.table().stream().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "beaconing LOW 0 right, 1 of a wrong kind, 0 wrong",
                        "scan LOW 1 right, 0 of a wrong kind, 1 wrong",
                        "beaconing 0 of 1 attacks found",
                        "scan 1 of 1 attacks found");
    }

    @Test
    void runsAddUp() {
        campaign("scan/syn/1", "6.6.6.6", "10.0.0.1", 0, 8);
        alert("right", "scan", "6.6.6.6", 0, 5);
        AlertScore sum = new AlertScore();

        sum.add(ledger.score());
        sum.add(ledger.score());

        assertThat(sum.alerts()).isEqualTo(new AlertScore.Alerts(2, 0, 0));
        assertThat(sum.allCampaigns()).isEqualTo(new AlertScore.Found(2, 0));
    }
}
