package io.millrace.connectors.audio.internal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CompandingTest {
    @Test
    void everyMuLawByteComesBack() {
        for (int code = 0; code < 256; code++) {
            int value = Companding.muLaw((byte) code);
            assertThat(Companding.toMuLaw(value)).isEqualTo(code == 0x7f ? (byte) 0xff : (byte) code);
        }
    }

    @Test
    void theNearestByteIsTaken() {
        for (int value = -32_768; value < 32_768; value++) {
            int error = Math.abs(Companding.muLaw(Companding.toMuLaw(value)) - value);
            assertThat(error).isLessThanOrEqualTo(Math.abs(value) > 32_124 ? 644 : (Math.abs(value) + 132) / 32 + 1);
        }
    }

    @Test
    void aLawIsOddAndGrows() {
        for (int code = 0; code < 128; code++) {
            int value = Companding.aLaw((byte) (code ^ 0xd5));
            assertThat(Companding.aLaw((byte) (code ^ 0x55))).isEqualTo(-value);
            assertThat(value).isGreaterThan(code == 0 ? 0 : Companding.aLaw((byte) (code - 1 ^ 0xd5)));
        }
    }
}
