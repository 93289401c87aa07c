package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Tones of amplitude 0.5 that other programs encoded: the right samples must come back, at the right time. */
class CompressedAudioTest {
    @ParameterizedTest
    @CsvSource({
        "tone-16k-mono-16bit.flac, FLAC, flac, 16000, 1, 8000, 2000, 0.9999",
        "tone-44k-stereo-24bit.flac, FLAC, flac, 44100, 2, 2026, 2000, 0.9999",
        "tone-16k-mono.mp3, MP3, mp3, 16000, 1, 8000, 2000, 0.99",
        "tone-44k-stereo.mp3, MP3, mp3, 44100, 2, 11025, 2000, 0.99",
        "tone-16k-mono.ogg, OGG, vorbis, 16000, 1, 8192, 2000, 0.99",
    })
    void theToneComesBackWithItsLengthLevelAndPhase(
            String file,
            String container,
            String codec,
            int rate,
            int channels,
            int length,
            double hertz,
            double likeness)
            throws IOException {
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(Sounds.file(file)))) {
            assertThat(reader.format()).isEqualTo(new AudioFormat(container, codec, rate, channels));
            float[][] samples = Sounds.rest(reader);
            assertThat(samples[0]).hasSize(length);
            check(samples[0], rate, hertz, likeness);
            if (channels == 2) {
                check(samples[1], rate, 500, likeness);
            }
        }
    }

    private static void check(float[] samples, int rate, double hertz, double likeness) {
        int from = samples.length / 4;
        int to = samples.length * 3 / 4;
        float[] expected = Sounds.sine(rate, hertz, 0.5, samples.length);
        assertThat(Sounds.rms(samples, from, to)).isCloseTo(Sounds.rms(expected, from, to), within(0.01));
        assertThat(Sounds.likeness(samples, expected, from, to)).isGreaterThan(likeness);
    }

    @ParameterizedTest
    @CsvSource({"tone-8k-untagged.mp3, mp3, 8000, 1, 4000", "tone-44k-stereo.mp2, mp2, 44100, 2, 11025"})
    void streamsThatDoNotSayWhatTheEncoderAddedComeWhole(String file, String codec, int rate, int channels, int length)
            throws IOException {
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(Sounds.file(file)))) {
            assertThat(reader.format()).isEqualTo(new AudioFormat("MP3", codec, rate, channels));
            float[][] samples = Sounds.rest(reader);
            assertThat(samples[0].length).isBetween(length, length + 3 * 1152);
            assertThat(Sounds.rms(samples[0], length / 4, length / 2)).isCloseTo(0.354, within(0.05));
        }
    }

    @Test
    void tagsInFrontAndBehindAreNoSound() throws IOException {
        byte[] tag = new byte[10 + 300];
        System.arraycopy(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 2, 44}, 0, tag, 0, 10);
        Arrays.fill(tag, 10, tag.length, (byte) 0xff);
        byte[] behind = new byte[128];
        System.arraycopy(new byte[] {'T', 'A', 'G'}, 0, behind, 0, 3);
        for (String file : new String[] {"tone-16k-mono.mp3", "tone-16k-mono-16bit.flac"}) {
            ByteArrayOutputStream tagged = new ByteArrayOutputStream();
            tagged.writeBytes(tag);
            tagged.writeBytes(Sounds.file(file));
            tagged.writeBytes(behind);
            assertThat(Sounds.decode(tagged.toByteArray())).isDeepEqualTo(Sounds.decode(Sounds.file(file)));
        }
    }
}
