package io.millrace.operators.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.millrace.schemas.Alert;
import io.millrace.schemas.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AlertMachineTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Alert> sent = new ArrayList<>();

    /** Observations at seconds, {@code |s} where time has passed on to second s. */
    private AlertState run(AlertPolicy policy, String steps) {
        AlertMachine machine = new AlertMachine(policy, Sighting.Source.STRONGEST);
        AlertState state = new AlertState();
        for (String step : steps.split(" ")) {
            if (step.startsWith("|")) {
                machine.passed(state, Math.round(Double.parseDouble(step.substring(1)) * 1000), NOW, sent::add);
            } else {
                Sighting sighting = Sighting.of("gate", "loitering", Double.parseDouble(step));
                machine.observe(state, sighting.observation().build(), sighting.millis(), NOW, sent::add);
            }
        }
        return state;
    }

    private List<String> story() {
        return sent.stream()
                .map(alert -> alert.getStatus() + " " + alert.getCount() + " r" + alert.getRevision() + " "
                        + alert.getWindowStart().getEpochSecond() + "-"
                        + alert.getWindowEnd().getEpochSecond())
                .toList();
    }

    /** Opened by so many within 60 s, closed after some seconds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // one opens at once, quiet closes
                "1; 100; 0; OPEN 1 r0 0-0",
                "1; 100; 0 |99; OPEN 1 r0 0-0",
                "1; 100; 0 |100; OPEN 1 r0 0-0, CLOSED 1 r1 0-0",
                "1; 100; 0 100 |199 |200; OPEN 1 r0 0-0, CLOSED 2 r1 0-100",
                // what comes after the quiet time starts another, with or without a word of time
                "1; 100; 0 101; OPEN 1 r0 0-0, CLOSED 1 r1 0-0, OPEN 1 r0 101-101",
                "1; 100; 0 |100 101; OPEN 1 r0 0-0, CLOSED 1 r1 0-0, OPEN 1 r0 101-101",
                // several have to lie close together
                "3; 100; 0 10; ''",
                "3; 100; 0 10 60; OPEN 3 r0 0-60",
                "3; 100; 0 40 61; ''",
                "3; 100; 0 40 61 100; OPEN 3 r0 40-100",
                "3; 100; 0 |60 10 20; ''",
                "3; 100; 30 10 20; OPEN 3 r0 10-30",
                // powers of ten
                "1; 100; 0 1 2 3 4 5 6 7 8 9; OPEN 1 r0 0-0, UPDATED 10 r1 0-9",
                "3; 100; 0 1 2 3 4 5 6 7 8 9 10 |999; OPEN 3 r0 0-2, UPDATED 10 r1 0-9, CLOSED 11 r2 0-10",
                // a quiet time shorter than the time to open
                "3; 10; 0 25 55 |64 |65; OPEN 3 r0 0-55, CLOSED 3 r1 0-55",
                // without a quiet time nothing is folded once there is an alert
                "1; 0; 0 0 1; CLOSED 1 r0 0-0, CLOSED 1 r0 0-0, CLOSED 1 r0 1-1",
                "2; 0; 0 1 2 3 4; CLOSED 2 r0 0-1, CLOSED 2 r0 2-3"
            })
    void alertsOpenAndClose(int openAfter, int closeAfter, String steps, String expected) {
        run(new AlertPolicy(openAfter, Duration.ofSeconds(60), Duration.ofSeconds(closeAfter)), steps);
        assertThat(String.join(", ", story())).isEqualTo(expected);
    }

    /** Observations of the weight that their second says, all at once. */
    private AlertState weighed(int openAfter, double... weights) {
        AlertSource<Sighting> source = new Sighting.Weighed();
        AlertMachine machine =
                new AlertMachine(new AlertPolicy(openAfter, Duration.ofSeconds(60), Duration.ofSeconds(100)), source);
        AlertState state = new AlertState();
        for (double weight : weights) {
            Alert one = Sighting.of("gate", "loitering", weight).observation().build();
            machine.observe(state, one, 0, NOW, sent::add);
        }
        return state;
    }

    @Test
    void sureObservationsCountForMoreAndUnsureOnesForLess() {
        assertThat(weighed(3, 2.5).alert).isNull();
        assertThat(weighed(3, 2.5, 0.5).alert).isNotNull();
        assertThat(weighed(3, 1, 1).alert).isNull();
        assertThat(weighed(3, 1, 1, 1).alert).isNotNull();
        assertThat(weighed(3, 0.7, 0.7, 0.7, 0.7).alert).isNull();
        assertThat(weighed(3, 0.7, 0.7, 0.7, 0.7, 0.7).alert.getCount()).isEqualTo(5);
        assertThat(weighed(1, 0.2).alert).isNotNull();
    }

    @Test
    void onlySoManyUnsureObservationsWait() {
        double[] nothing = new double[30];

        assertThat(weighed(3, Arrays.copyOf(nothing, 29)).pending).hasSize(29);
        assertThat(weighed(3, nothing).alert.getCount()).isEqualTo(30);
    }

    @Test
    void whatIsOverIsForgotten() {
        AlertPolicy policy = new AlertPolicy(2, Duration.ofSeconds(60), Duration.ofSeconds(100));
        assertThat(run(policy, "0 |59").isEmpty()).isFalse();
        assertThat(run(policy, "0 |60").isEmpty()).isTrue();
        assertThat(run(policy, "0 1 |100").isEmpty()).isFalse();
        assertThat(run(policy, "0 1 |101").isEmpty()).isTrue();
        assertThat(run(AlertPolicy.EACH, "0").isEmpty()).isTrue();
    }

    @Test
    void theIdIsThatOfEntityKindAndFirstObservationAndARevisionThatWasSentStays() {
        AlertPolicy policy = new AlertPolicy(1, Duration.ofSeconds(60), Duration.ofSeconds(100));
        run(policy, "0 1 |200");
        Alert opened = sent.get(0);
        Alert closed = sent.get(1);
        assertThat(closed.getAlertId()).isEqualTo(opened.getAlertId());
        assertThat(opened.getCount()).isEqualTo(1);
        assertThat(opened.getObservationIds()).containsExactly("s0.0");
        assertThat(closed.getObservationIds()).containsExactly("s0.0", "s1.0");
        assertThat(closed.getSeverity()).isEqualTo(Severity.LOW);
        assertThat(closed.getSummary()).isEqualTo("loitering 2");
        assertThat(closed.getEmittedTime()).isEqualTo(NOW);
        run(policy, "0");
        run(policy, "1");
        assertThat(sent.get(2).getAlertId()).isEqualTo(opened.getAlertId());
        assertThat(sent.get(3).getAlertId()).isNotEqualTo(opened.getAlertId());
    }

    @ParameterizedTest
    @CsvSource({
        "0, false",
        "1, false",
        "2, false",
        "9, false",
        "10, true",
        "11, false",
        "20, false",
        "99, false",
        "100, true",
        "1000, true",
        "1001, false",
        "1000000000000, true",
        "999999999999, false"
    })
    void revisionsAreDueAtTenHundredThousand(long count, boolean due) {
        assertThat(AlertMachine.isPowerOfTen(count)).isEqualTo(due);
    }
}
