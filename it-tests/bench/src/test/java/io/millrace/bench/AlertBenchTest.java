package io.millrace.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import io.millrace.jobs.intrusion.AlertScore;
import io.millrace.jobs.intrusion.FlowTraffic;
import io.millrace.jobs.intrusion.IntrusionDemonstration;
import io.millrace.schemas.FlowRecord;
import io.millrace.simulators.flow.FlowGenerator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A minute of the demo's traffic: more is for the command. */
class AlertBenchTest {

    private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void everyAttackOfEightFlowsIsFoundOrMissedAndMostAlertsAreRight() throws Exception {
        Map<String, Integer> campaigns = new TreeMap<>();
        FlowGenerator traffic = new SimulatedFlows(3001, 200, START, MINUTE).generator();
        while (traffic.hasNext()) {
            FlowRecord flow = traffic.next();
            String name = flow.getAttributes().get("campaign");
            if (name != null) {
                campaigns.merge(name, 1, Integer::sum);
            }
        }
        long large = campaigns.values().stream().filter(flows -> flows >= 8).count();

        AlertBench.Outcome outcome = new AlertBench(
                        IntrusionDemonstration.settings("default", FlowTraffic.Simulated.DISORDER), 200, MINUTE)
                .run(3001, START);

        AlertScore.Found found = outcome.whole().allCampaigns();
        AlertScore.Alerts alerts = outcome.whole().alerts();
        assertThat(found.found() + found.missed()).isEqualTo(large);
        assertThat(found.found()).isGreaterThan(large * 2 / 3);
        assertThat(alerts.right()).isGreaterThan(alerts.all() * 2 / 3);
        assertThat(outcome.beginning().alerts().all()).isBetween(1L, alerts.all());
    }
}
