package io.millrace.jobs.intrusion;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CampaignsTest {
    private static final String ATTACKER = "6.6.6.6";
    private static final String VICTIM = "10.0.0.1";

    private final Campaigns campaigns = new Campaigns();

    private static FlowRecord flow(String from, String to, long start, String campaign, String direction) {
        Map<String, String> attributes = new HashMap<>();
        if (campaign != null) {
            attributes.put("campaign", campaign);
        }
        if (direction != null) {
            attributes.put("direction", direction);
        }
        return FlowRecord.newBuilder()
                .setFlowId("f")
                .setSensor("test")
                .setSourceFormat(FlowFormat.SIMULATED)
                .setStartTime(Instant.ofEpochMilli(start))
                .setEndTime(Instant.ofEpochMilli(start + 10))
                .setSourceAddress(from)
                .setDestinationAddress(to)
                .setProtocol(6)
                .setAttributes(attributes)
                .setLabel(campaign == null ? "benign" : "scan")
                .build();
    }

    private Campaigns.Campaign only() {
        assertThat(campaigns.all()).hasSize(1);
        return campaigns.all().iterator().next();
    }

    @Test
    void aFlowWithoutACampaignChangesNothing() {
        campaigns.add(flow(ATTACKER, VICTIM, 100, null, null));
        assertThat(campaigns.all()).isEmpty();
        assertThat(campaigns.of(ATTACKER)).isEmpty();
    }

    @Test
    void eachSideTakesPartFromItsFirstFlowToItsLast() {
        campaigns.add(flow(ATTACKER, VICTIM, 100, "scan/1", null));
        campaigns.add(flow(ATTACKER, "10.0.0.2", 300, "scan/1", null));
        Campaigns.Campaign campaign = only();
        assertThat(campaign.kind()).isEqualTo("scan");
        assertThat(campaign.flows()).isEqualTo(2);
        assertThat(campaign.involves(ATTACKER, false, 200, 250))
                .as("between its flows")
                .isTrue();
        assertThat(campaign.involves(ATTACKER, false, 310, 400))
                .as("at its end")
                .isTrue();
        assertThat(campaign.involves(ATTACKER, false, 311, 400))
                .as("after its end")
                .isFalse();
        assertThat(campaign.involves(ATTACKER, false, 0, 99))
                .as("before its start")
                .isFalse();
        assertThat(campaign.involves(VICTIM, true, 100, 110)).isTrue();
        assertThat(campaign.involves(VICTIM, true, 300, 310))
                .as("another's part")
                .isFalse();
        assertThat(campaign.involves(VICTIM, false, 100, 110))
                .as("it attacks nobody")
                .isFalse();
        assertThat(campaign.involves(ATTACKER, true, 100, 110)).isFalse();
    }

    @Test
    void theHalfWithTheAnswersHasItsSidesTurned() {
        campaigns.add(flow(VICTIM, ATTACKER, 100, "scan/1", "reverse"));
        assertThat(only().involves(ATTACKER, false, 100, 110)).isTrue();
        assertThat(only().involves(VICTIM, true, 100, 110)).isTrue();
    }

    @Test
    void aHostKnowsItsCampaignsOnceEach() {
        campaigns.add(flow(ATTACKER, VICTIM, 100, "scan/1", null));
        campaigns.add(flow(VICTIM, ATTACKER, 200, "scan/1", null));
        campaigns.add(flow(ATTACKER, VICTIM, 300, "scan/2", null));
        assertThat(campaigns.of(ATTACKER)).extracting(Campaigns.Campaign::name).containsExactly("scan/1", "scan/2");
    }

    @Test
    void whatHasEndedIsTakenOutAndForgotten() {
        campaigns.add(flow(ATTACKER, VICTIM, 100, "scan/1", null));
        campaigns.add(flow(ATTACKER, VICTIM, 300, "scan/2", null));
        assertThat(campaigns.takeEndedBefore(110))
                .as("ended at 110, not before")
                .isEmpty();
        List<Campaigns.Campaign> ended = campaigns.takeEndedBefore(111);
        assertThat(ended).extracting(Campaigns.Campaign::name).containsExactly("scan/1");
        assertThat(campaigns.of(ATTACKER)).extracting(Campaigns.Campaign::name).containsExactly("scan/2");
        assertThat(campaigns.takeEndedBefore(1000)).hasSize(1);
        assertThat(campaigns.of(VICTIM)).isEmpty();
        assertThat(campaigns.all()).isEmpty();
    }
}
