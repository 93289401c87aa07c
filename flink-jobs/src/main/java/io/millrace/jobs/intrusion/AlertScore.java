package io.millrace.jobs.intrusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.millrace.schemas.Alert;
import io.millrace.schemas.Severity;

/** How alerts compare with the truth, see {@link AlertLedger}: counts by kind and severity. Not thread-safe. */
public final class AlertScore {

    /** Missed campaigns that are named; further ones are counted alone. */
    private static final int MOST_NAMES = 100;

    /** What an alert turned out to be. */
    public enum Verdict {
        RIGHT,
        OTHER_KIND,
        WRONG
    }

    /**
     * Alerts of a kind and severity.
     *
     * @param right those of a campaign of that kind
     * @param otherKind those of a campaign, though of another kind
     * @param wrong all others
     */
    public record Alerts(long right, long otherKind, long wrong) {
        private static final Alerts NONE = new Alerts(0, 0, 0);

        /** All of them. */
        public long all() {
            return right + otherKind + wrong;
        }

        private Alerts plus(Alerts more) {
            return new Alerts(right + more.right, otherKind + more.otherKind, wrong + more.wrong);
        }

        private static Alerts one(Verdict verdict) {
            return new Alerts(
                    verdict == Verdict.RIGHT ? 1 : 0,
                    verdict == Verdict.OTHER_KIND ? 1 : 0,
                    verdict == Verdict.WRONG ? 1 : 0);
        }
    }

    /** Campaigns of a kind that ought to be found, and how many of them were. */
    public record Found(long found, long missed) {
        private static final Found NONE = new Found(0, 0);

        private Found plus(Found more) {
            return new Found(found + more.found, missed + more.missed);
        }
    }

    private final Map<String, Map<Severity, Alerts>> alerts = new TreeMap<>();
    private final Map<String, Found> campaigns = new TreeMap<>();
    private final List<String> missed = new ArrayList<>();

    /** No alerts and no campaigns. */
    public AlertScore() {}

    /** A copy. */
    AlertScore(AlertScore other) {
        add(other);
    }

    /** Adds what another run or another stretch of time gave. */
    public void add(AlertScore other) {
        other.alerts.forEach((kind, bySeverity) -> bySeverity.forEach((severity, count) -> add(kind, severity, count)));
        other.campaigns.forEach((kind, found) -> campaigns.merge(kind, found, Found::plus));
        other.missed.forEach(this::name);
    }

    void add(Alert alert, Verdict verdict) {
        add(alert.getKind(), alert.getSeverity(), Alerts.one(verdict));
    }

    private void add(String kind, Severity severity, Alerts count) {
        alerts.computeIfAbsent(kind, fresh -> new TreeMap<>()).merge(severity, count, Alerts::plus);
    }

    void add(Campaigns.Campaign campaign) {
        if (campaign.flows() < AlertLedger.LEAST_FLOWS) {
            return;
        }
        campaigns.merge(
                campaign.kind(), new Found(campaign.isFound() ? 1 : 0, campaign.isFound() ? 0 : 1), Found::plus);
        if (!campaign.isFound()) {
            name(campaign.name() + " (" + campaign.flows() + " flows)");
        }
    }

    private void name(String campaign) {
        if (missed.size() < MOST_NAMES) {
            missed.add(campaign);
        }
    }

    /** Alerts by kind and severity. */
    public Map<String, Map<Severity, Alerts>> byKind() {
        return alerts;
    }

    /** Campaigns by kind. */
    public Map<String, Found> campaigns() {
        return campaigns;
    }

    /** Names of campaigns that were missed, with their flows; the first {@value #MOST_NAMES}. */
    public List<String> missed() {
        return missed;
    }

    /** How many alerts are right, in one sentence. */
    public String alertsInWords() {
        Alerts all = alerts();
        return String.format(
                Locale.ROOT,
                "%,d of %,d alerts right (%.1f %%), %,d of the right host and a wrong kind, %,d wrong",
                all.right(),
                all.all(),
                100.0 * all.right() / Math.max(1, all.all()),
                all.otherKind(),
                all.wrong());
    }

    /** How many campaigns were found, in one sentence. */
    public String campaignsInWords() {
        Found all = allCampaigns();
        return String.format(
                Locale.ROOT,
                "%,d of %,d attacks of %d flows or more found",
                all.found(),
                all.found() + all.missed(),
                AlertLedger.LEAST_FLOWS);
    }

    /** The counts in a line for each kind and severity, and each kind of campaign. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        alerts.forEach((kind, bySeverity) -> bySeverity.forEach((severity, count) -> lines.add(String.format(
                Locale.ROOT,
                "  %-18s %-8s %,d right, %,d of a wrong kind, %,d wrong",
                kind,
                severity,
                count.right(),
                count.otherKind(),
                count.wrong()))));
        campaigns.forEach((kind, found) -> lines.add(String.format(
                Locale.ROOT, "  %-18s %,d of %,d attacks found", kind, found.found(), found.found() + found.missed())));
        return lines;
    }

    /** All alerts. */
    public Alerts alerts() {
        return alerts.values().stream()
                .flatMap(bySeverity -> bySeverity.values().stream())
                .reduce(Alerts.NONE, Alerts::plus);
    }

    /** All campaigns. */
    public Found allCampaigns() {
        return campaigns.values().stream().reduce(Found.NONE, Found::plus);
    }
}
