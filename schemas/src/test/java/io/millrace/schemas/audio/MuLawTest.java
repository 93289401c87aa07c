package io.millrace.schemas.audio;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MuLawTest {

    @Test
    void everyByteComesBack() {
        for (int code = 0; code < 256; code++) {
            int value = MuLaw.value((byte) code);
            assertThat(MuLaw.code(value)).isEqualTo(code == 0x7f ? (byte) 0xff : (byte) code);
        }
    }

    @Test
    void theNearestByteIsTaken() {
        for (int value = -32_768; value < 32_768; value++) {
            int error = Math.abs(MuLaw.value(MuLaw.code(value)) - value);
            assertThat(error).isLessThanOrEqualTo(Math.abs(value) > 32_124 ? 644 : (Math.abs(value) + 132) / 32 + 1);
        }
    }
}
