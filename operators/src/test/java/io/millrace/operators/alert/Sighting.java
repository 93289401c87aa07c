package io.millrace.operators.alert;

import java.time.Instant;
import java.util.List;

import io.millrace.schemas.Alert;
import io.millrace.schemas.Severity;
import io.millrace.schemas.SubjectRole;
import io.millrace.schemas.SubjectType;

/**
 * What a stage for tests has decided on: that something was seen.
 *
 * @param entity what it is about
 * @param kind kind of activity; null if nothing is to be noticed
 * @param second event time in seconds
 * @param until event time in seconds up to which the entity has been observed; null where watermarks say so
 */
record Sighting(String entity, String kind, double second, Double until) {

    static Sighting of(String entity, String kind, double second) {
        return new Sighting(entity, kind, second, null);
    }

    static Sighting passed(String entity, double until) {
        return new Sighting(entity, null, until, until);
    }

    long millis() {
        return Math.round(second * 1000);
    }

    Alert.Builder observation() {
        Instant time = Instant.ofEpochMilli(millis());
        return Observation.of("test", entity, kind, "s" + second, time)
                .setSubjects(List.of(AlertSubjects.of(SubjectRole.SOURCE, SubjectType.CAMERA, entity)))
                .setObservationIds(List.of("s" + second))
                .setModel("toy")
                .setModelVersion("1")
                .setScore(second);
    }

    /** The stage's word to the correlator. */
    record Source(Evidence evidence) implements AlertSource<Sighting> {

        static final Source STRONGEST = new Source(Evidence.OF_THE_STRONGEST);

        @Override
        public String entity(Sighting sighting) {
            return sighting.entity();
        }

        @Override
        public List<Alert> observations(Sighting sighting) {
            return sighting.kind() == null
                    ? List.of()
                    : List.of(sighting.observation().build());
        }

        @Override
        public long observedUntil(Sighting sighting) {
            return sighting.until() == null ? Long.MIN_VALUE : Math.round(sighting.until() * 1000);
        }

        @Override
        public Severity severity(Alert alert) {
            return alert.getCount() < 10 ? Severity.LOW : Severity.HIGH;
        }

        @Override
        public String summary(Alert alert) {
            return alert.getKind() + " " + alert.getCount();
        }
    }

    /** A stage whose observations weigh as much as their second says. */
    static final class Weighed implements AlertSource<Sighting> {

        @Override
        public String entity(Sighting sighting) {
            return sighting.entity();
        }

        @Override
        public List<Alert> observations(Sighting sighting) {
            return List.of(sighting.observation().build());
        }

        @Override
        public double weight(Alert observation) {
            return observation.getScore();
        }

        @Override
        public Severity severity(Alert alert) {
            return Severity.LOW;
        }

        @Override
        public String summary(Alert alert) {
            return alert.getKind();
        }
    }
}
