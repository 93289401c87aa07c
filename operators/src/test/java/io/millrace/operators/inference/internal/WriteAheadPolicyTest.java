package io.millrace.operators.inference.internal;

import io.millrace.operators.inference.internal.WriteAheadPolicy.Action;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WriteAheadPolicyTest {

    private static final long MILLI = 1_000_000;

    private final WriteAheadPolicy policy = new WriteAheadPolicy(20 * MILLI);

    /** A checkpoint of 1,000 states that took 10 µs each. */
    private void barrier(long millis) {
        policy.barrier(millis * MILLI, 1_000, 10 * MILLI);
    }

    private Action next(int dirty, long millis) {
        return policy.next(dirty, millis * MILLI);
    }

    @Test
    void writesInTheThreefoldTimeBeforeTheBarrierIsDueOnceAnIntervalIsKnown() {
        assertThat(next(10_000, 1_000)).isEqualTo(Action.NOTHING);
        barrier(1_000);
        assertThat(next(10_000, 10_000)).isEqualTo(Action.NOTHING);
        barrier(11_000);
        assertThat(next(10_000, 20_699)).isEqualTo(Action.NOTHING);
        assertThat(next(10_000, 20_700)).isEqualTo(Action.BEGIN);
        policy.wrote(250, 250 * 10_000L);
        assertThat(next(9_750, 20_710)).isEqualTo(Action.GO_ON);
        policy.wrote(0, 100);
        assertThat(next(9_500, 20_900)).isEqualTo(Action.NOTHING);
        barrier(21_000);
        assertThat(next(10_000, 30_699)).isEqualTo(Action.NOTHING);
        assertThat(next(10_000, 30_701)).isEqualTo(Action.BEGIN);
    }

    @Test
    void leavesAShortCheckpointAsItIs() {
        barrier(1_000);
        barrier(2_000);
        assertThat(next(1_900, 2_990)).isEqualTo(Action.NOTHING);
        assertThat(next(2_100, 2_990)).isEqualTo(Action.BEGIN);
        assertThat(new WriteAheadPolicy(0).next(0, 0)).isEqualTo(Action.NOTHING);
    }

    @Test
    void aSavepointBetweenTwoCheckpointsDoesNotMoveTheForecast() {
        barrier(10_000);
        barrier(20_000);
        barrier(30_000);
        barrier(33_000);
        barrier(40_000);
        assertThat(next(10_000, 49_000)).isEqualTo(Action.NOTHING);
        barrier(50_000);
        assertThat(next(10_000, 59_000)).isEqualTo(Action.NOTHING);
        assertThat(next(10_000, 59_800)).isEqualTo(Action.BEGIN);
    }

    @Test
    void followsTheMeasuredCost() {
        barrier(1_000);
        barrier(11_000);
        for (int i = 0; i < 20; i++) {
            policy.wrote(100, 100 * 50_000L);
        }
        assertThat(next(10_000, 19_000)).isEqualTo(Action.NOTHING);
        assertThat(next(10_000, 19_600)).isEqualTo(Action.BEGIN);
    }
}
