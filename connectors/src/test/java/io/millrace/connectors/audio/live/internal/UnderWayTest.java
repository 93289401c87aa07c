package io.millrace.connectors.audio.live.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UnderWayTest {
    @Test
    void itIsFullAtTheLimitAndFreeAtHalfOfIt() {
        UnderWay underWay = new UnderWay(100);
        underWay.sent(99);
        assertThat(underWay.full()).isFalse();
        underWay.sent(60);
        assertThat(underWay.full()).isTrue();
        underWay.delivered(99);
        assertThat(underWay.full()).isTrue();
        underWay.delivered(10);
        assertThat(underWay.full()).isFalse();
    }
}
