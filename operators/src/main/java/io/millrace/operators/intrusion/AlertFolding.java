package io.millrace.operators.intrusion;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;
import io.millrace.schemas.Detection;
import io.millrace.schemas.Severity;

/** Folds detections into alerts: no time of its own, no Flink. */
final class AlertFolding {

    private static final int MOST_ADDRESSES = 16;
    private static final int MOST_PORTS = 32;
    private static final int MOST_FLOWS = 32;

    /** Different truths told apart in one alert; further ones are not counted. */
    private static final int MOST_LABELS = 8;

    private AlertFolding() {}

    /**
     * Adds a detection to those that wait for company and forgets the ones too old to count with the newest.
     *
     * @return whether they are enough for an alert, which is then open and holds them all
     */
    static boolean gather(AlertState state, Detection detection, AlertPolicy policy) {
        List<Detection> pending = state.pending;
        int at = pending.size();
        while (at > 0 && pending.get(at - 1).getEventTime().isAfter(detection.getEventTime())) {
            at--;
        }
        pending.add(at, detection);
        Instant oldest = pending.get(pending.size() - 1).getEventTime().minus(policy.within());
        pending.removeIf(earlier -> earlier.getEventTime().isBefore(oldest));
        if (pending.size() < policy.openAfter()) {
            return false;
        }
        state.alert = begin(pending.get(0));
        pending.forEach(each -> fold(state, each));
        pending.clear();
        return true;
    }

    /** An alert without detections, not sent yet, named after its first. */
    private static Alert begin(Detection first) {
        return Alert.newBuilder()
                .setAlertId(stableId(first))
                .setRevision(-1)
                .setStatus(AlertStatus.UNKNOWN)
                .setEntity(first.getKey())
                .setKind(first.getKind())
                .setSeverity(Severity.UNKNOWN)
                .setFirstSeen(first.getEventTime())
                .setLastSeen(first.getEventTime())
                .setEmittedTime(first.getEventTime())
                .setCount(0)
                .setDetector(first.getDetector())
                .setModelVersion(first.getModelVersion())
                .setScore(Double.NEGATIVE_INFINITY)
                .setProbability(0)
                .setThreshold(first.getThreshold())
                .setSourceAddresses(new ArrayList<>())
                .setDestinationAddresses(new ArrayList<>())
                .setDestinationPorts(new ArrayList<>())
                .setFlowIds(new ArrayList<>())
                .setTechniqueIds(new ArrayList<>(first.getTechniqueIds()))
                .setFlowEvidence(new ArrayList<>())
                .setFieldEvidence(new ArrayList<>())
                .setSummary("")
                .build();
    }

    private static String stableId(Detection first) {
        String seed = first.getKey() + '\n' + first.getKind() + '\n' + first.getDetectionId();
        return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Adds a detection to the open alert. */
    static void fold(AlertState state, Detection detection) {
        Alert alert = state.alert;
        alert.setCount(alert.getCount() + 1);
        if (detection.getEventTime().isAfter(alert.getLastSeen())) {
            alert.setLastSeen(detection.getEventTime());
        }
        if (detection.getEventTime().isBefore(alert.getFirstSeen())) {
            alert.setFirstSeen(detection.getEventTime());
        }
        alert.setModelVersion(detection.getModelVersion());
        alert.setThreshold(detection.getThreshold());
        // Versions of a model are calibrated apart, so the highest of both may come from different detections.
        alert.setProbability(Math.max(alert.getProbability(), detection.getProbability()));
        if (detection.getScore() > alert.getScore()) {
            alert.setScore(detection.getScore());
            if (!detection.getFlowEvidence().isEmpty()
                    || alert.getFlowEvidence().isEmpty()) {
                alert.setFlowEvidence(detection.getFlowEvidence());
            }
            if (!detection.getFieldEvidence().isEmpty()
                    || alert.getFieldEvidence().isEmpty()) {
                alert.setFieldEvidence(detection.getFieldEvidence());
            }
        }
        addOnce(alert.getSourceAddresses(), detection.getSourceAddress(), MOST_ADDRESSES);
        addOnce(alert.getDestinationAddresses(), detection.getDestinationAddress(), MOST_ADDRESSES);
        if (detection.getDestinationPort() != null) {
            addOnce(alert.getDestinationPorts(), detection.getDestinationPort(), MOST_PORTS);
            DistinctCounter.add(state.ports, detection.getDestinationPort());
        }
        addOnce(alert.getFlowIds(), detection.getFlowId(), MOST_FLOWS);
        DistinctCounter.add(
                state.destinations, detection.getDestinationAddress().hashCode());
        label(state, detection.getLabel());
    }

    /** Keeps the most frequent truth; of those met equally often the one that stood before. */
    private static void label(AlertState state, String label) {
        if (label == null || !state.labels.containsKey(label) && state.labels.size() == MOST_LABELS) {
            return;
        }
        long met = state.labels.merge(label, 1L, Long::sum);
        String standing = state.alert.getLabel();
        if (standing == null || met > state.labels.get(standing)) {
            state.alert.setLabel(label);
        }
    }

    private static <T> void addOnce(List<T> values, T value, int most) {
        if (values.size() < most && !values.contains(value)) {
            values.add(value);
        }
    }

    /** Whether a count is worth another revision: 10, 100, 1000, ... */
    static boolean isPowerOfTen(long count) {
        long power = 10;
        while (power < count) {
            power *= 10;
        }
        return power == count;
    }

    /** The next revision of an alert, to be sent. */
    static Alert revise(AlertState state, AlertStatus status, Instant now) {
        Alert alert = state.alert;
        alert.setRevision(alert.getRevision() + 1);
        alert.setStatus(status);
        alert.setEmittedTime(now);
        alert.setDistinctDestinations(DistinctCounter.estimate(state.destinations));
        alert.setDistinctPorts(DistinctCounter.estimate(state.ports));
        alert.setSeverity(severity(alert));
        alert.setSummary(summary(alert));
        return Alert.newBuilder(alert).build();
    }

    private static Severity severity(Alert alert) {
        int base =
                switch (alert.getKind()) {
                    case "exfiltration", "beaconing", "exploit" -> 3;
                    case "brute-force", "denial-of-service" -> 2;
                    default -> 1;
                };
        int level = base + (alert.getCount() >= 100 ? 1 : 0) + (alert.getCount() >= 10_000 ? 1 : 0);
        return switch (Math.min(level, 4)) {
            case 1 -> Severity.LOW;
            case 2 -> Severity.MEDIUM;
            case 3 -> Severity.HIGH;
            default -> Severity.CRITICAL;
        };
    }

    private static String summary(Alert alert) {
        Duration span = Duration.between(alert.getFirstSeen(), alert.getLastSeen());
        String ports = alert.getDestinationPorts().isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %s %s",
                        count(alert.getDistinctPorts(), "port"),
                        some(alert.getDestinationPorts()));
        return String.format(
                Locale.ROOT,
                "%s by %s: %s to %s%s%s within %s, p %.3f (threshold %.3f)%s",
                alert.getKind(),
                alert.getEntity(),
                count(alert.getCount(), "flow"),
                count(alert.getDistinctDestinations(), "host"),
                alert.getDestinationAddresses().size() == 1
                        ? " (" + alert.getDestinationAddresses().get(0) + ")"
                        : "",
                ports,
                readable(span),
                alert.getProbability(),
                alert.getThreshold(),
                alert.getTechniqueIds().isEmpty() ? "" : " " + String.join(",", alert.getTechniqueIds()));
    }

    private static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    private static String some(List<Integer> ports) {
        String first =
                String.join(", ", ports.stream().limit(5).map(String::valueOf).toList());
        return "(" + first + (ports.size() > 5 ? ", ..." : "") + ")";
    }

    private static String readable(Duration span) {
        if (span.toSeconds() < 120) {
            return span.toSeconds() + " s";
        }
        return span.toMinutes() < 120 ? span.toMinutes() + " min" : span.toHours() + " h";
    }
}
