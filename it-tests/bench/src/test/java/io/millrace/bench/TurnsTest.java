package io.millrace.bench;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TurnsTest {

    private final Turns<String> turns = new Turns<>();

    private void turn(double a, double b) {
        turns.add("a", new Rate(a, 0, 0, Map.of()));
        turns.add("b", new Rate(b, 0, 0, Map.of()));
    }

    @Test
    void aSlowTurnFallsOnBothSidesOfARatio() {
        turn(100, 90);
        turn(40, 38);
        turn(100, 80);
        assertThat(turns.ratios("b", "a", Rate::perSecond)).containsExactly(0.8, 0.9, 0.95);
        assertThat(turns.ratio("b", "a", Rate::perSecond)).isEqualTo(0.9);
        assertThat(turns.median("b").perSecond()).isEqualTo(80);
    }

    @Test
    void ofAnEvenNumberOfTurnsTheMedianLiesBetweenTheMiddleTwo() {
        turn(100, 50);
        turn(100, 100);
        assertThat(turns.ratio("b", "a", Rate::perSecond)).isEqualTo(0.75);
    }
}
