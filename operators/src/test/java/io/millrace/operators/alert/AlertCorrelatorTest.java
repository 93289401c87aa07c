package io.millrace.operators.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.millrace.operators.OperatorModes;
import io.millrace.operators.eventtime.EventTimeOperator;
import io.millrace.schemas.Alert;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A stage whose records say themselves how far time has gone; what watermarks do, the intrusion stage's tests show. */
class AlertCorrelatorTest {

    private static final AlertPolicy POLICY = new AlertPolicy(1, Duration.ofSeconds(60), Duration.ofSeconds(100));

    private static final class Harness extends KeyedOneInputStreamOperatorTestHarness<String, Sighting, Alert>
            implements OperatorModes.Subtask<Sighting> {

        Harness(AlertPolicy policy, int parallelism, int index, OperatorSubtaskState restored) throws Exception {
            super(
                    new EventTimeOperator<>(new AlertCorrelator<>(policy, Sighting.Source.STRONGEST)),
                    Sighting::entity,
                    Types.STRING,
                    OperatorModes.MAX_PARALLELISM,
                    parallelism,
                    index);
            setup();
            if (restored != null) {
                initializeState(restored);
            }
            open();
        }

        Harness send(Sighting... sightings) throws Exception {
            for (Sighting sighting : sightings) {
                record(sighting, sighting.millis());
            }
            return this;
        }

        List<String> story() {
            return extractOutputValues().stream()
                    .map(alert -> alert.getKind() + " " + alert.getStatus() + " " + alert.getCount())
                    .toList();
        }

        @Override
        public void record(Sighting sighting, long timestamp) throws Exception {
            processElement(sighting, timestamp);
        }

        @Override
        public void watermark(long timestamp) throws Exception {
            processWatermark(timestamp);
        }

        @Override
        public void endOfInput() throws Exception {
            ((BoundedOneInput) getOperator()).endInput();
        }

        @Override
        public OperatorSubtaskState checkpoint(long id) throws Exception {
            return snapshot(id, id);
        }

        @Override
        public List<OperatorModes.Answer> answers() {
            return extractOutputValues().stream()
                    .map(alert -> new OperatorModes.Answer(
                            alert.getEntity(),
                            Alert.newBuilder(alert)
                                    .setEmittedTime(Instant.EPOCH)
                                    .build()
                                    .toString()))
                    .toList();
        }
    }

    @Test
    void aRecordThatSaysHowFarTimeHasGoneClosesWhatIsQuietAndLeavesNothing() throws Exception {
        try (Harness harness = new Harness(POLICY, 1, 0, null)) {
            harness.send(
                    Sighting.of("gate", "b", 0),
                    Sighting.of("gate", "a", 0),
                    Sighting.of("gate", "c", 50),
                    Sighting.of("door", "a", 0));
            assertThat(harness.numEventTimeTimers())
                    .as("two of gate, one of door")
                    .isEqualTo(3);
            harness.send(Sighting.passed("gate", 99.999));
            assertThat(harness.story()).containsExactly("b OPEN 1", "a OPEN 1", "c OPEN 1", "a OPEN 1");
            harness.send(Sighting.passed("gate", 100));
            assertThat(harness.story()).hasSize(6).endsWith("a CLOSED 1", "b CLOSED 1");
            assertThat(harness.numEventTimeTimers())
                    .as("no timer waits for a watermark that never comes")
                    .isEqualTo(2);
            harness.send(Sighting.passed("gate", 1e12), Sighting.passed("door", 1e12));
            assertThat(harness.story()).hasSize(8).endsWith("c CLOSED 1", "a CLOSED 1");
            assertThat(harness.numEventTimeTimers()).isZero();
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void aTimerThatTwoKindsShareIsLeftToTheOther() throws Exception {
        AlertPolicy closesSoon = new AlertPolicy(2, Duration.ofSeconds(60), Duration.ofSeconds(10));
        try (Harness harness = new Harness(closesSoon, 1, 0, null)) {
            harness.send(Sighting.of("gate", "a", 0), Sighting.of("gate", "b", 0));
            assertThat(harness.numEventTimeTimers()).as("both at 60").isEqualTo(1);
            harness.send(Sighting.of("gate", "a", 1));
            assertThat(harness.numEventTimeTimers()).as("a at 11, b at 60").isEqualTo(2);
            harness.watermark(11_000);
            assertThat(harness.story()).containsExactly("a OPEN 2", "a CLOSED 2");
            harness.watermark(60_000);
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void anAlertThatIsOverAtOnceIsNotKept() throws Exception {
        try (Harness harness = new Harness(AlertPolicy.EACH, 1, 0, null)) {
            harness.send(Sighting.of("gate", "a", 0), Sighting.of("gate", "a", 1));
            assertThat(harness.story()).containsExactly("a CLOSED 1", "a CLOSED 1");
            assertThat(harness.extractOutputValues())
                    .extracting(Alert::getAlertId)
                    .doesNotHaveDuplicates();
            assertThat(harness.extractOutputValues())
                    .extracting(Alert::getRevision)
                    .containsOnly(0);
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void everyModeOfTheJobGivesTheSameRevisions() throws Exception {
        OperatorModes<Sighting> modes = new OperatorModes<>(
                (parallelism, index, restored) -> new Harness(POLICY, parallelism, index, restored));
        for (int i = 0; i < 40; i++) {
            String entity = "camera-" + i % 2;
            double second = i < 24 ? i : 300 + i;
            Sighting sighting = i % 9 == 8
                    ? Sighting.passed(entity, second)
                    : Sighting.of(entity, i % 5 == 0 ? "fight" : "loitering", second);
            modes.record(entity, sighting, sighting.millis());
        }
        Map<String, List<String>> answers = modes.answers();
        assertThat(answers).hasSize(2);
        assertThat(answers.values())
                .allSatisfy(revisions -> assertThat(revisions)
                        .filteredOn(revision -> revision.contains("CLOSED"))
                        .hasSizeGreaterThanOrEqualTo(3));
    }
}
