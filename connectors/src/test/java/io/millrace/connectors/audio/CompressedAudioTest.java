package io.millrace.connectors.audio;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

import io.millrace.connectors.audio.AudioFormat.Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Tones of amplitude 0.5 that other programs encoded: the right samples must come back, at the right time. */
class CompressedAudioTest {
    @ParameterizedTest
    @CsvSource({
        "tone-16k-mono-16bit.flac, FLAC, 16000, 1, 8000, 2000, 0.9999",
        "tone-44k-stereo-24bit.flac, FLAC, 44100, 2, 2026, 2000, 0.9999",
        "tone-16k-mono.mp3, MP3, 16000, 1, 8000, 2000, 0.99",
        "tone-44k-stereo.mp3, MP3, 44100, 2, 11025, 2000, 0.99",
        "tone-16k-mono.ogg, VORBIS, 16000, 1, 8000, 2000, 0.99",
        "tone-44k-stereo.ogg, VORBIS, 44100, 2, 11025, 2000, 0.99",
    })
    void theToneComesBackWithItsLengthLevelAndPhase(
            String file, Codec codec, int rate, int channels, int length, double hertz, double likeness)
            throws IOException {
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(Sounds.file(file)))) {
            assertThat(reader.format()).isEqualTo(new AudioFormat(codec, rate, channels));
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
    @CsvSource({"tone-8k-untagged.mp3, 8000, 1, 4000", "tone-44k-stereo.mp2, 44100, 2, 11025"})
    void streamsThatDoNotSayWhatTheEncoderAddedComeWhole(String file, int rate, int channels, int length)
            throws IOException {
        try (AudioReader reader = AudioReader.open(new ByteArrayInputStream(Sounds.file(file)))) {
            assertThat(reader.format()).isEqualTo(new AudioFormat(Codec.MP3, rate, channels));
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

    @ParameterizedTest
    @CsvSource({
        "tone-16k-mono-16bit.flac, truncated: the FLAC stream",
        "tone-16k-mono.mp3, truncated: the MP3 stream",
        "tone-16k-mono.ogg, truncated: the Ogg page"
    })
    void whatBreaksOffSaysWhere(String file, String message) {
        byte[] whole = Sounds.file(file);
        byte[] half = Arrays.copyOf(whole, whole.length * 2 / 3 + 1);
        assertThatThrownBy(() -> Sounds.decode(half))
                .isInstanceOf(AudioFormatException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "tone-16k-mono-16bit.flac, FLAC: damaged after sample",
        "tone-16k-mono.ogg, checksum differs",
    })
    void damageIsFoundByTheChecksum(String file, String message) {
        byte[] bytes = Sounds.file(file);
        bytes[bytes.length * 3 / 4] ^= 0x10;
        assertThatThrownBy(() -> Sounds.decode(bytes))
                .isInstanceOf(AudioFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aCutIsSeenAlsoWhereTheLengthIsUnknown() throws IOException {
        byte[] bytes = Sounds.file("tone-16k-mono-16bit.flac");
        Arrays.fill(bytes, 22, 26, (byte) 0);
        bytes[21] &= (byte) 0xf0;
        assertThat(Sounds.decode(bytes)[0]).hasSize(8000);
        for (int cut = 1; cut < 40; cut++) {
            byte[] less = Arrays.copyOf(bytes, bytes.length - cut);
            assertThatThrownBy(() -> Sounds.decode(less))
                    .as("%d bytes less", cut)
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void otherCodecsAreNamed() {
        assertThatThrownBy(() -> Sounds.decode(Sounds.file("tone.opus")))
                .isInstanceOf(AudioFormatException.class)
                .hasMessageContaining("Opus");
        assertThatThrownBy(() -> Sounds.decode("no audio, this is text".getBytes()))
                .isInstanceOf(AudioFormatException.class)
                .hasMessageContaining("neither WAV, FLAC, MP3 nor Ogg");
        assertThatThrownBy(() -> Sounds.decode(new byte[0]))
                .isInstanceOf(AudioFormatException.class)
                .hasMessageContaining("empty");
    }
}
