package io.millrace.operators.alert;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.millrace.schemas.Alert;

/** Folds observations into one alert. Whatever comes, the alert stays of a bounded size. */
final class AlertFolding {

    private static final int MOST_OBSERVATIONS = 32;
    private static final int MOST_TECHNIQUES = 32;
    private static final int MOST_ATTRIBUTES = 32;

    /** Different truths told apart in one alert; further ones are not counted. */
    private static final int MOST_LABELS = 8;

    private AlertFolding() {}

    /** An alert without observations, not sent yet, named after its first. */
    static Alert begin(Alert first) {
        return Alert.newBuilder(first)
                .setAlertId(stableId(first))
                .setSubjects(new ArrayList<>())
                .setCount(0)
                .setDistinct(new HashMap<>())
                .setObservationIds(new ArrayList<>())
                .setEvidence(new ArrayList<>())
                .setEvidenceOmitted(0)
                .setScore(Double.NEGATIVE_INFINITY)
                .setProbability(null)
                .setTechniqueIds(new ArrayList<>())
                .setLabel(null)
                .setAttributes(new HashMap<>())
                .build();
    }

    private static String stableId(Alert first) {
        String seed = first.getEntity() + '\n' + first.getKind() + '\n' + first.getAlertId();
        return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Adds an observation to the alert of a state. */
    static void fold(AlertState state, Alert one, AlertSource.Evidence kept) {
        Alert alert = state.alert;
        alert.setCount(alert.getCount() + 1);
        alert.setEventTime(one.getEventTime());
        if (one.getWindowStart().isBefore(alert.getWindowStart())) {
            alert.setWindowStart(one.getWindowStart());
        }
        if (one.getWindowEnd().isAfter(alert.getWindowEnd())) {
            alert.setWindowEnd(one.getWindowEnd());
        }
        alert.setModel(one.getModel());
        alert.setModelVersion(one.getModelVersion());
        alert.setThreshold(one.getThreshold());
        // Versions of a model are calibrated apart, so the highest of both may come from different observations.
        alert.setProbability(highest(alert.getProbability(), one.getProbability()));
        EvidenceFolding.fold(alert, one, kept);
        alert.setScore(Math.max(alert.getScore(), one.getScore()));
        one.getSubjects().forEach(subject -> AlertSubjects.add(state, subject));
        one.getObservationIds().forEach(id -> addOnce(alert.getObservationIds(), id, MOST_OBSERVATIONS));
        one.getTechniqueIds().forEach(id -> addOnce(alert.getTechniqueIds(), id, MOST_TECHNIQUES));
        addAttributes(alert.getAttributes(), one.getAttributes());
        label(state, one.getLabel());
    }

    private static Double highest(Double before, Double now) {
        if (before == null || now == null) {
            return before == null ? now : before;
        }
        return Math.max(before, now);
    }

    private static <T> void addOnce(List<T> values, T value, int most) {
        if (values.size() < most && !values.contains(value)) {
            values.add(value);
        }
    }

    private static void addAttributes(Map<String, String> attributes, Map<String, String> more) {
        more.forEach((name, value) -> {
            if (attributes.size() < MOST_ATTRIBUTES || attributes.containsKey(name)) {
                attributes.put(name, value);
            }
        });
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

    /** What is sent: a copy, for the alert goes on to be folded. */
    static <T> Alert sent(Alert alert, AlertSource<T> source, Instant now) {
        alert.setEmittedTime(now);
        alert.setSeverity(source.severity(alert));
        alert.setSummary(source.summary(alert));
        return Alert.newBuilder(alert).build();
    }
}
