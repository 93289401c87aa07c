package io.millrace.operators.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

import io.millrace.schemas.Alert;
import io.millrace.schemas.AlertStatus;
import io.millrace.schemas.Severity;
import org.apiguardian.api.API;

/** The alert of a single observation, to be folded with others: not sent as it is. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Observation {

    private Observation() {}

    /**
     * Begins one; what is left to be set are model, score, subjects, evidence and the like.
     *
     * @param stage stage that it is from
     * @param entity what it is about
     * @param kind kind of activity
     * @param id identifier of the observation, the same when the input is replayed: the alert that it opens is named
     *     after it
     * @param time event time
     */
    public static Alert.Builder of(String stage, String entity, String kind, String id, Instant time) {
        return Alert.newBuilder()
                .setAlertId(id)
                .setRevision(-1)
                .setStatus(AlertStatus.UNKNOWN)
                .setStage(stage)
                .setEntity(entity)
                .setKind(kind)
                .setSeverity(Severity.UNKNOWN)
                .setWindowStart(time)
                .setWindowEnd(time)
                .setEventTime(time)
                .setEmittedTime(time)
                .setSubjects(new ArrayList<>())
                .setCount(1)
                .setDistinct(new HashMap<>())
                .setObservationIds(new ArrayList<>())
                .setEvidence(new ArrayList<>())
                .setTechniqueIds(List.of())
                .setSummary("")
                .setAttributes(new HashMap<>());
    }
}
