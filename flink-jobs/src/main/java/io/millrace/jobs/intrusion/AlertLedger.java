package io.millrace.jobs.intrusion;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.millrace.schemas.Alert;
import io.millrace.schemas.FlowRecord;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;

/**
 * Holds alerts against the truth of labelled flows.
 *
 * <p>An alert is right if its host takes part in a campaign of its kind (the kinds are equal; there are no other that
 * agree) and their times overlap; if it does so in a campaign of another kind only, it is of the right host and the wrong
 * kind; else it is wrong. A campaign is found if an alert is right by it. Campaigns of fewer than {@value #LEAST_FLOWS}
 * flows are not asked for, though an alert is right by them too.
 *
 * <p>What ended a quarter of an hour ago is counted and forgotten, so memory is bounded by what goes on. Thread-safe.
 */
public final class AlertLedger {

    /** Flows of a campaign that ought to be found. */
    public static final int LEAST_FLOWS = 8;

    /** Event time after its end for which something is kept, in milliseconds: longer than alerts wait to close. */
    private static final long KEEP = 15 * 60_000;

    private final Campaigns campaigns = new Campaigns();
    private final Map<String, Entry> alerts = new HashMap<>();
    private final AlertScore settled = new AlertScore();
    private long latest = Long.MIN_VALUE;
    private long settleAt = Long.MIN_VALUE;

    /** An alert as its newest revision has it, with the best that it was found to be. */
    private static final class Entry {
        private Alert alert;
        private AlertScore.Verdict verdict = AlertScore.Verdict.WRONG;
    }

    /** Takes a labelled flow. */
    public synchronized void flow(FlowRecord flow) {
        campaigns.add(flow);
        passed(flow.getEndTime().toEpochMilli());
    }

    /** Takes a revision of an alert; the newest stands. */
    public synchronized void alert(Alert alert) {
        Entry entry = alerts.computeIfAbsent(alert.getAlertId(), id -> new Entry());
        if (entry.alert == null || alert.getRevision() >= entry.alert.getRevision()) {
            entry.alert = alert;
        }
    }

    private void passed(long time) {
        latest = Math.max(latest, time);
        if (settleAt == Long.MIN_VALUE) {
            settleAt = latest + KEEP;
        } else if (latest >= settleAt) {
            settleAt = latest + KEEP / 15;
            judge();
            long before = latest - KEEP;
            campaigns.takeEndedBefore(before).forEach(settled::add);
            Iterator<Entry> each = alerts.values().iterator();
            while (each.hasNext()) {
                Entry entry = each.next();
                if (entry.alert.getWindowEnd().toEpochMilli() < before) {
                    settled.add(entry.alert, entry.verdict);
                    each.remove();
                }
            }
        }
    }

    private void judge() {
        alerts.values().forEach(this::judge);
    }

    private void judge(Entry entry) {
        Alert alert = entry.alert;
        long from = alert.getWindowStart().toEpochMilli();
        long to = alert.getWindowEnd().toEpochMilli();
        for (Campaigns.Campaign campaign : campaigns.of(alert.getEntity())) {
            if (!campaign.involves(alert.getEntity(), isAboutTarget(alert), from, to)) {
                continue;
            }
            if (campaign.kind().equals(alert.getKind())) {
                campaign.markFound();
                entry.verdict = AlertScore.Verdict.RIGHT;
            } else if (entry.verdict == AlertScore.Verdict.WRONG) {
                entry.verdict = AlertScore.Verdict.OTHER_KIND;
            }
        }
    }

    /** Whether an alert is about a host as the one that is attacked. */
    private static boolean isAboutTarget(Alert alert) {
        return alert.getSubjects().stream()
                .anyMatch(subject -> subject.getRole() == SubjectRole.TARGET
                        && subject.getType() == SubjectType.HOST
                        && subject.getId().equals(alert.getEntity()));
    }

    /** What has been found up to now. */
    public synchronized AlertScore score() {
        judge();
        AlertScore score = new AlertScore(settled);
        campaigns.all().forEach(score::add);
        alerts.values().forEach(entry -> score.add(entry.alert, entry.verdict));
        return score;
    }

    /** Alerts that are not right, as their newest revisions; of those that are not yet forgotten. */
    public synchronized List<Alert> notRight() {
        judge();
        List<Alert> wrong = new ArrayList<>();
        alerts.values().stream()
                .filter(entry -> entry.verdict != AlertScore.Verdict.RIGHT)
                .forEach(entry -> wrong.add(entry.alert));
        return wrong;
    }
}
