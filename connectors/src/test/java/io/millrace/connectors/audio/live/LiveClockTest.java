package io.millrace.connectors.audio.live;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LiveClockTest {
    private static final long NOON = 1_000_000;

    private final LiveClock clock = new LiveClock(8000);

    @Test
    void theNetworksJitterIsNotSeen() {
        assertThat(clock.timeOf(0, 800, NOON)).isEqualTo(NOON - 100);
        assertThat(clock.timeOf(800, 800, NOON + 170)).isEqualTo(NOON);
        assertThat(clock.timeOf(1600, 800, NOON + 230)).isEqualTo(NOON + 100);
    }

    @Test
    void audioSentFasterThanItLastsIsNeverOfATimeToCome() {
        long last = 0;
        for (int i = 0; i < 100; i++) {
            long now = NOON + i;
            long time = clock.timeOf(800L * i, 800, now);
            assertThat(time).isLessThanOrEqualTo(now).isGreaterThanOrEqualTo(last);
            last = time;
        }
    }

    @Test
    void afterARestTheClockIsRight() {
        clock.timeOf(0, 800, NOON);
        assertThat(clock.timeOf(800, 800, NOON + 60_000)).isEqualTo(NOON + 59_900);
        assertThat(clock.timeOf(1600, 800, NOON + 60_150)).isEqualTo(NOON + 60_000);
    }
}
