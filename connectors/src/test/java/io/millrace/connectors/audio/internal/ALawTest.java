package io.millrace.connectors.audio.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ALawTest {

    @Test
    void isOddAndGrows() {
        for (int code = 0; code < 128; code++) {
            int value = ALaw.value((byte) (code ^ 0xd5));
            assertThat(ALaw.value((byte) (code ^ 0x55))).isEqualTo(-value);
            assertThat(value).isGreaterThan(code == 0 ? 0 : ALaw.value((byte) (code - 1 ^ 0xd5)));
        }
    }
}
