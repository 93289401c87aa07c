package io.millrace.jobs.intrusion;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

import io.millrace.schemas.Alert;
import io.millrace.schemas.Detection;
import io.millrace.schemas.Verdict;
import org.HdrHistogram.Histogram;

/** What came out so far. Safe for use by many threads. */
final class IntrusionStatistics {

    private static final long LONGEST_MILLIS = 3_600_000;

    private final Histogram latency = new Histogram(LONGEST_MILLIS, 3);
    private final TreeMap<String, Long> truePositives = new TreeMap<>();
    private final TreeMap<String, Long> attacks = new TreeMap<>();
    private final Set<String> alertIds = new HashSet<>();
    private long detections;
    private long attackVerdicts;
    private long falseAlarms;
    private long benign;
    private long deadLetters;

    /** Counts a detection seen at {@code now}. */
    synchronized void detection(Detection detection, Instant now) {
        detections++;
        boolean flagged = detection.getVerdict() == Verdict.ATTACK;
        attackVerdicts += flagged ? 1 : 0;
        if (detection.getObservedTime() != null) {
            long millis = now.toEpochMilli() - detection.getObservedTime().toEpochMilli();
            latency.recordValue(Math.max(0, Math.min(LONGEST_MILLIS, millis)));
        }
        String label = detection.getLabel();
        if (label != null && label.equals("benign")) {
            benign++;
            falseAlarms += flagged ? 1 : 0;
        } else if (label != null) {
            attacks.merge(label, 1L, Long::sum);
            truePositives.merge(label, flagged ? 1L : 0L, Long::sum);
        }
    }

    /** Counts a revision of an alert; whether it is a new alert. */
    synchronized boolean alert(Alert alert) {
        return alertIds.add(alert.getAlertId());
    }

    synchronized void deadLetter() {
        deadLetters++;
    }

    synchronized long detections() {
        return detections;
    }

    synchronized long alerts() {
        return alertIds.size();
    }

    synchronized long deadLetters() {
        return deadLetters;
    }

    synchronized long attackVerdicts() {
        return attackVerdicts;
    }

    /** Time from a flow's arrival until its committed detection could be read, in milliseconds. */
    synchronized long latencyMillis(double percentile) {
        return latency.getValueAtPercentile(percentile);
    }

    /** How the verdicts compare with the truth, in words. */
    synchronized String againstTruth() {
        StringBuilder text = new StringBuilder();
        attacks.forEach((kind, count) ->
                text.append(String.format("  %-18s %,d of %,d flows flagged%n", kind, truePositives.get(kind), count)));
        text.append(String.format("  %-18s %,d of %,d flows flagged%n", "benign", falseAlarms, benign));
        return text.toString();
    }
}
