package io.millrace.connectors.media;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RawAudioTest {

    @Test
    void oneChannelIsMeantUnlessMoreAreNamed() {
        assertThat(RawAudio.parse("S16LE:16000")).isEqualTo(new RawAudio("s16le", 16_000, 1));
        assertThat(RawAudio.parse("mulaw:8000:2")).isEqualTo(new RawAudio("mulaw", 8000, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "s16le, CODING:RATE",
        "s16le:1:2:3, CODING:RATE",
        "mp3:8000, no coding of raw audio",
        "s16le:fast, are numbers",
        "s16le:0, sample rate 0",
        "s16le:8000:33, 33 channels",
        "gsm:16000, one channel at 8000 Hz",
        "g722:16000:2, one channel at 16000 Hz",
    })
    void anythingElseIsRefused(String text, String reason) {
        assertThatThrownBy(() -> RawAudio.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
