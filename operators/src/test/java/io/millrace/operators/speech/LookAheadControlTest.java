package io.millrace.operators.speech;

import java.util.List;

import io.millrace.operators.speech.LookAheadControl.Decision;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LookAheadControlTest {

    private static final int AUDIO = 100;

    private final LookAheadControl control = new LookAheadControl(List.of(0, 1, 6), 80);
    private final StretchState state = new StretchState();

    private Decision observe(long lag) {
        return control.observe(state, lag, AUDIO);
    }

    @Test
    void aClockThatIsWrongIsNoBacklog() {
        for (long lag : new long[] {-5_000_000, 7_000_000}) {
            StretchState stream = new StretchState();
            for (int i = 0; i < 100; i++) {
                assertThat(control.observe(stream, lag, AUDIO)).isEqualTo(Decision.KEPT);
            }
        }
    }

    @Test
    void aClockThatDriftsIsNoBacklog() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(observe(i / 200)).as("after %s chunks", i).isEqualTo(Decision.KEPT);
        }
    }

    @Test
    void aStreamIsRaisedUntilItsChunkHoldsTheBacklogAndLoweredOnceItHasKeptUp() {
        observe(20);
        assertThat(observe(20 + 80)).as("one chunk behind").isEqualTo(Decision.KEPT);
        assertThat(observe(20 + 300)).isEqualTo(Decision.RAISED);
        assertThat(state.lookAhead).isEqualTo(1);
        assertThat(observe(20 + 300)).isEqualTo(Decision.RAISED);
        assertThat(state.lookAhead).isEqualTo(6);
        assertThat(observe(20 + 300)).as("560 ms hold 300").isEqualTo(Decision.KEPT);
        assertThat(observe(20 + 3000)).as("there is no larger one").isEqualTo(Decision.KEPT);
        int calm = (int) (LookAheadControl.CALM_MILLIS / AUDIO);
        for (int i = 1; i < calm; i++) {
            assertThat(observe(20)).isEqualTo(Decision.KEPT);
        }
        assertThat(observe(20)).isEqualTo(Decision.LOWERED);
        assertThat(state.lookAhead).isEqualTo(1);
    }

    @Test
    void aBacklogBetweenTheBoundsNeitherRaisesNorLowers() {
        observe(0);
        observe(200);
        assertThat(state.lookAhead).isEqualTo(1);
        for (int i = 0; i < 300; i++) {
            assertThat(observe(100)).isEqualTo(Decision.KEPT);
        }
    }

    @Test
    void noStreamIsLoweredBelowWhatItAskedFor() {
        state.askedLookAhead = 1;
        state.lookAhead = 1;
        for (int i = 0; i < 1000; i++) {
            assertThat(observe(0)).isEqualTo(Decision.KEPT);
        }
    }
}
