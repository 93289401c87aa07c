package io.millrace.operators.intrusion;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.millrace.operators.alert.AlertSource;
import io.millrace.operators.alert.AlertSubjects;
import io.millrace.operators.alert.Observation;
import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertEvidence;
import io.millrace.schemas.AlertSubject;
import io.millrace.schemas.Detection;
import io.millrace.schemas.Severity;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;
import io.millrace.schemas.Verdict;

/** What detections of attacks give notice of: activity of a kind by a host against others. */
public final class IntrusionAlerts implements AlertSource<Detection> {

    /** Log-odds beyond the threshold of a flow that counts for one; chosen on simulated traffic, see models/INTRUSION.md. */
    private static final double UNIT = 2.0 / 3;

    /** The same for what everyday programmes do in a like way: call at intervals, log in again and again, send much. */
    private static final double EVERYDAY_UNIT = 2;

    private static final double MOST_WEIGHT = 2.5;

    @Override
    public String entity(Detection detection) {
        return detection.getKey();
    }

    @Override
    public List<Alert> observations(Detection detection) {
        if (detection.getVerdict() != Verdict.ATTACK) {
            return List.of();
        }
        Alert alert = Observation.of(
                        FlowDeadLetters.STAGE,
                        entity(detection),
                        detection.getKind(),
                        detection.getDetectionId(),
                        detection.getEventTime())
                .setSubjects(subjects(detection))
                .setObservationIds(List.of(detection.getFlowId()))
                .setEvidence(evidence(detection))
                .setModel(detection.getDetector())
                .setModelVersion(detection.getModelVersion())
                .setScore(detection.getScore())
                .setProbability(detection.getProbability())
                .setThreshold(detection.getThreshold())
                .setTechniqueIds(detection.getTechniqueIds())
                .setLabel(detection.getLabel())
                .build();
        return List.of(alert);
    }

    private static List<AlertSubject> subjects(Detection detection) {
        List<AlertSubject> subjects = new ArrayList<>();
        subjects.add(AlertSubjects.of(SubjectRole.SOURCE, SubjectType.HOST, detection.getSourceAddress()));
        subjects.add(AlertSubjects.of(SubjectRole.TARGET, SubjectType.HOST, detection.getDestinationAddress()));
        if (detection.getDestinationPort() != null) {
            subjects.add(AlertSubjects.of(
                    SubjectRole.TARGET,
                    SubjectType.PORT,
                    detection.getDestinationPort().toString()));
        }
        return subjects;
    }

    private static List<AlertEvidence> evidence(Detection detection) {
        List<AlertEvidence> evidence = new ArrayList<>();
        detection
                .getFlowEvidence()
                .forEach(flow ->
                        evidence.add(AlertEvidence.newBuilder().setFlow(flow).build()));
        detection
                .getFieldEvidence()
                .forEach(field ->
                        evidence.add(AlertEvidence.newBuilder().setField(field).build()));
        return evidence;
    }

    /**
     * How far the log-odds of attack exceed those of the threshold: few flows that are surely of an attack open an alert, of
     * those just beyond the threshold it takes many. Never as much as three together: one flow alone is no attack.
     */
    @Override
    public double weight(Alert observation) {
        if (observation.getProbability() == null) {
            return 1;
        }
        double surprise = logOdds(observation.getProbability()) - logOdds(observation.getThreshold());
        return Math.min(MOST_WEIGHT, surprise / unit(observation.getKind()));
    }

    private static double unit(String kind) {
        return switch (kind) {
            case "beaconing", "brute-force", "exfiltration" -> EVERYDAY_UNIT;
            default -> UNIT;
        };
    }

    private static double logOdds(double probability) {
        double inside = Math.min(Math.max(probability, 1e-12), 1 - 1e-12);
        return Math.log(inside / (1 - inside));
    }

    @Override
    public Severity severity(Alert alert) {
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

    @Override
    public String summary(Alert alert) {
        List<String> targets = AlertSubjects.ids(alert, SubjectRole.TARGET, SubjectType.HOST);
        List<String> ports = AlertSubjects.ids(alert, SubjectRole.TARGET, SubjectType.PORT);
        Duration span = Duration.between(alert.getWindowStart(), alert.getWindowEnd());
        return String.format(
                Locale.ROOT,
                "%s by %s: %s to %s%s%s within %s, p %.3f (threshold %.3f)%s",
                alert.getKind(),
                alert.getEntity(),
                count(alert.getCount(), "flow"),
                count(AlertSubjects.count(alert, SubjectRole.TARGET, SubjectType.HOST), "host"),
                targets.size() == 1 ? " (" + targets.get(0) + ")" : "",
                ports.isEmpty()
                        ? ""
                        : ", " + count(AlertSubjects.count(alert, SubjectRole.TARGET, SubjectType.PORT), "port") + " "
                                + some(ports),
                readable(span),
                alert.getProbability(),
                alert.getThreshold(),
                alert.getTechniqueIds().isEmpty() ? "" : " " + String.join(",", alert.getTechniqueIds()));
    }

    private static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    private static String some(List<String> ports) {
        String first = String.join(", ", ports.stream().limit(5).toList());
        return "(" + first + (ports.size() > 5 ? ", ..." : "") + ")";
    }

    private static String readable(Duration span) {
        if (span.toSeconds() < 120) {
            return span.toSeconds() + " s";
        }
        return span.toMinutes() < 120 ? span.toMinutes() + " min" : span.toHours() + " h";
    }
}
