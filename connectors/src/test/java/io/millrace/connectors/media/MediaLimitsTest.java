package io.millrace.connectors.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MediaLimitsTest {

    @Test
    void tooManyBytesAreRefusedByFileAndByPipe() throws IOException {
        MediaLimits limits = MediaLimits.STANDARD.within(500);
        assertThatThrownBy(() -> AudioTrack.open(Fixtures.folder().resolve("tone-stereo.wav"), null, limits))
                .isInstanceOf(MediaFormatException.class)
                .hasMessageContaining("beyond the limit of 500");
        try (AudioTrack track =
                AudioTrack.open(new ByteArrayInputStream(Fixtures.bytes("tone-stereo.wav")), null, limits)) {
            assertThatThrownBy(() -> Fixtures.rest(track))
                    .isInstanceOf(MediaFormatException.class)
                    .hasMessageContaining("longer than the limit of 500 bytes");
        }
        int all = Fixtures.bytes("tone-stereo.wav").length;
        try (AudioTrack track = AudioTrack.open(
                new ByteArrayInputStream(Fixtures.bytes("tone-stereo.wav")), null, limits.within(all))) {
            assertThat(Fixtures.rest(track)).hasSize(2000);
        }
    }

    @Test
    void tooLongASoundIsRefusedWhereverItIsFound() throws IOException {
        MediaLimits limits = MediaLimits.STANDARD.within(Duration.ofMillis(100));
        for (String name : new String[] {"tone-stereo.wav", "tone.flac", "tone.opus"}) {
            try (AudioTrack track = AudioTrack.open(Fixtures.folder().resolve(name), null, limits)) {
                assertThatThrownBy(() -> Fixtures.rest(track))
                        .isInstanceOf(MediaFormatException.class)
                        .hasMessageContaining("longer than the limit of PT0.1S");
            }
        }
    }

    @Test
    void aFormatIsToldFromSoManyBytesAndNoMore() {
        byte[] late = Fixtures.joined(new byte[20_000], Fixtures.bytes("tone-untagged.mp3"));
        MediaLimits limits = new MediaLimits(1 << 20, Duration.ofHours(1), MediaLimits.MIN_PROBE);
        assertThatThrownBy(() -> AudioTrack.open(new ByteArrayInputStream(late), null, limits))
                .isInstanceOf(MediaFormatException.class);
    }

    @Test
    void senselessLimitsAreRefused() {
        assertThatThrownBy(() -> MediaLimits.STANDARD.within(0)).hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> MediaLimits.STANDARD.within(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> new MediaLimits(1, Duration.ofSeconds(1), 100)).hasMessageContaining("100 bytes");
    }
}
