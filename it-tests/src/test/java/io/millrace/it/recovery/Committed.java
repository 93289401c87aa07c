package io.millrace.it.recovery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.millrace.schemas.Alert;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Detection;
import io.millrace.schemas.FeatureSample;
import io.millrace.schemas.Verdict;

/**
 * What a job has committed, each topic in its order.
 *
 * @param detections verdicts
 * @param alerts revisions of alerts
 * @param samples feature samples
 * @param deadLetters flows given up
 */
record Committed(
        List<Detection> detections, List<Alert> alerts, List<FeatureSample> samples, List<DeadLetter> deadLetters)
        implements Outcome<Committed> {

    /** Numbers of two runs agree to this much: batches of other sizes round differently. */
    private static final double TOLERANCE = 1e-4;

    /** Detections of each key, in the order they were committed. */
    Map<String, List<Detection>> byKey() {
        return grouped(detections, Detection::getKey);
    }

    private Map<String, List<Alert>> byAlert() {
        return grouped(alerts, Alert::getAlertId);
    }

    private static <T> Map<String, List<T>> grouped(List<T> records, Function<T, String> key) {
        return records.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    /** Keys with a verdict that rounding may turn over; so may their alerts be. */
    private Set<String> undecided() {
        return detections.stream()
                .filter(detection -> near(detection.getProbability(), detection.getThreshold()))
                .map(Detection::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public int results() {
        return detections.size();
    }

    @Override
    public List<String> differencesOf(Committed other) {
        List<String> differences = new ArrayList<>();
        Set<String> undecided = undecided();
        Map<String, List<Detection>> actual = other.byKey();
        byKey().forEach((key, expected) -> {
            List<Detection> given = actual.getOrDefault(key, List.of());
            boolean decided = !undecided.contains(key);
            compare(
                    "detections of " + key,
                    expected,
                    given,
                    Detection::getSequence,
                    differences,
                    (a, b) -> comparable(a, decided).equals(comparable(b, decided))
                            && near(a.getScore(), b.getScore())
                            && near(a.getProbability(), b.getProbability()));
        });
        addStrangers("key", byKey().keySet(), actual.keySet(), differences);

        Map<String, List<Alert>> expectedAlerts = without(undecided, byAlert());
        Map<String, List<Alert>> actualAlerts = without(undecided, other.byAlert());
        expectedAlerts.forEach((id, expected) -> compare(
                "alert " + id,
                expected,
                actualAlerts.getOrDefault(id, List.of()),
                Alert::getRevision,
                differences,
                (a, b) -> comparable(a).equals(comparable(b)) && near(a.getScore(), b.getScore())));
        addStrangers("alert", expectedAlerts.keySet(), actualAlerts.keySet(), differences);

        List<String> drawn =
                samples.stream().map(FeatureSample::getSampleId).sorted().toList();
        List<String> drawnNow =
                other.samples.stream().map(FeatureSample::getSampleId).sorted().toList();
        if (!drawn.equals(drawnNow)) {
            differences.add(drawnNow.size() + " samples instead of " + drawn.size() + ", "
                    + new HashSet<>(drawnNow).size() + " of them distinct");
        }
        other.deadLetters.forEach(letter -> differences.add("given up: " + letter.getMessage()));
        return differences;
    }

    private static Map<String, List<Alert>> without(Set<String> entities, Map<String, List<Alert>> alerts) {
        alerts.values().removeIf(revisions -> entities.contains(revisions.get(0).getEntity()));
        return alerts;
    }

    /** Whether two records say the same. */
    private interface Sameness<T> {
        boolean same(T expected, T actual);
    }

    private static <T> void compare(
            String what,
            List<T> expected,
            List<T> actual,
            Function<T, Object> place,
            List<String> differences,
            Sameness<T> sameness) {
        if (!places(expected, place).equals(places(actual, place))) {
            differences.add(what + " are " + places(actual, place) + " instead of " + places(expected, place));
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!sameness.same(expected.get(i), actual.get(i))) {
                differences.add(what + ": " + actual.get(i) + " instead of " + expected.get(i));
            }
        }
    }

    private static <T> List<Object> places(List<T> records, Function<T, Object> place) {
        return records.stream().map(place).toList();
    }

    private static void addStrangers(String what, Set<String> known, Set<String> met, List<String> differences) {
        met.stream()
                .filter(one -> !known.contains(one))
                .forEach(one -> differences.add("unexpected " + what + ' ' + one));
    }

    /** The detection without wall clock, numbers compared apart, and evidence, which follows from such numbers. */
    private static Detection comparable(Detection detection, boolean decided) {
        Detection bare = Detection.newBuilder(detection)
                .setEmittedTime(Instant.EPOCH)
                .setScore(0)
                .setProbability(0)
                .setFlowEvidence(List.of())
                .setFieldEvidence(List.of())
                .build();
        if (!decided) {
            bare.setVerdict(Verdict.UNKNOWN);
            bare.setKind(null);
            bare.setTechniqueIds(List.of());
        }
        return bare;
    }

    private static Alert comparable(Alert alert) {
        return Alert.newBuilder(alert)
                .setEmittedTime(Instant.EPOCH)
                .setScore(0)
                .setProbability(0.0)
                .setEvidence(List.of())
                .setSummary("")
                .build();
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= TOLERANCE;
    }
}
