package io.millrace.jobs.intrusion;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.schemas.FlowRecord;

/**
 * The attacks of labelled flows that name their campaign, as those of the simulator do: of each campaign which hosts took
 * part in it, on which side, and from when to when. Not thread-safe.
 */
final class Campaigns {

    /** Attribute of a flow that names the attack it belongs to. */
    private static final String NAME = "campaign";

    private final Map<String, Campaign> byName = new LinkedHashMap<>();
    private final Map<String, List<Campaign>> byHost = new HashMap<>();

    /** Event times of a host's part in a campaign, milliseconds. */
    private static final class Span {
        private long from = Long.MAX_VALUE;
        private long to = Long.MIN_VALUE;

        private void add(FlowRecord flow) {
            from = Math.min(from, flow.getStartTime().toEpochMilli());
            to = Math.max(to, flow.getEndTime().toEpochMilli());
        }
    }

    /** One attack. */
    static final class Campaign {
        private final String name;
        private final String kind;
        private final Map<String, Span> attackers = new HashMap<>();
        private final Map<String, Span> targets = new HashMap<>();
        private long lastEnd = Long.MIN_VALUE;
        private int flows;
        private boolean found;

        private Campaign(String name, String kind) {
            this.name = name;
            this.kind = kind;
        }

        String name() {
            return name;
        }

        String kind() {
            return kind;
        }

        int flows() {
            return flows;
        }

        boolean isFound() {
            return found;
        }

        void markFound() {
            found = true;
        }

        /** Whether a host took part in it between two event times, as attacker or as target. */
        boolean involves(String host, boolean asTarget, long from, long to) {
            Span span = (asTarget ? targets : attackers).get(host);
            return span != null && span.from <= to && from <= span.to;
        }
    }

    /** Takes a flow; one that belongs to no campaign changes nothing. */
    void add(FlowRecord flow) {
        String name = flow.getAttributes().get(NAME);
        if (name == null) {
            return;
        }
        Campaign campaign = byName.computeIfAbsent(name, fresh -> new Campaign(fresh, flow.getLabel()));
        campaign.flows++;
        campaign.lastEnd = Math.max(campaign.lastEnd, flow.getEndTime().toEpochMilli());
        // The half of a flow that carries the answers is labelled too; its source is the one attacked.
        boolean reverse = "reverse".equals(flow.getAttributes().get("direction"));
        String attacker = reverse ? flow.getDestinationAddress() : flow.getSourceAddress();
        String target = reverse ? flow.getSourceAddress() : flow.getDestinationAddress();
        part(campaign, campaign.attackers, attacker).add(flow);
        part(campaign, campaign.targets, target).add(flow);
    }

    private Span part(Campaign campaign, Map<String, Span> side, String host) {
        return side.computeIfAbsent(host, fresh -> {
            List<Campaign> known = byHost.computeIfAbsent(fresh, none -> new ArrayList<>());
            if (!known.contains(campaign)) {
                known.add(campaign);
            }
            return new Span();
        });
    }

    /** Campaigns that a host takes part in. */
    List<Campaign> of(String host) {
        return byHost.getOrDefault(host, List.of());
    }

    Collection<Campaign> all() {
        return byName.values();
    }

    /** Takes out the campaigns whose last flow ended before an event time, in milliseconds. */
    List<Campaign> takeEndedBefore(long time) {
        List<Campaign> ended = byName.values().stream()
                .filter(campaign -> campaign.lastEnd < time)
                .toList();
        for (Campaign campaign : ended) {
            byName.remove(campaign.name);
            List.of(campaign.attackers, campaign.targets)
                    .forEach(side -> side.keySet().forEach(host -> forget(host, campaign)));
        }
        return ended;
    }

    private void forget(String host, Campaign campaign) {
        List<Campaign> known = byHost.get(host);
        if (known != null) {
            known.remove(campaign);
            if (known.isEmpty()) {
                byHost.remove(host);
            }
        }
    }
}
