package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

import io.millrace.simulators.random.SeededRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ManifestSpeechTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void record() throws IOException {
        Files.createDirectory(folder.resolve("clips"));
        Tones.wav(folder.resolve("clips/a.wav"), 8000, Tones.tone(8000, 400, 0.5, 8000));
        Tones.wav(folder.resolve("b.wav"), 16_000, Tones.tone(16_000, 700, 0.5, 32_000));
    }

    @Test
    void everyRecordingIsSpokenWithItsText() throws IOException {
        Path manifest = manifest(
                "{\"audio_filepath\":\"clips/a.wav\",\"duration\":1.0,\"text\":\"first one\",\"speaker\":3}",
                "",
                "{\"audio_filepath\":\"" + folder.resolve("b.wav") + "\",\"text\":\"second\"}",
                "{\"audio_filepath\":\"b.wav\",\"text\":\"part\",\"offset\":0.5,\"duration\":1.0}");
        ManifestSpeech speech = ManifestSpeech.read(manifest);
        assertThat(speech.size()).isEqualTo(3);
        SeededRandom random = new SeededRandom(1);
        SpeechSource.Speaker speaker = speech.speaker(random);
        TreeMap<String, String> heard = new TreeMap<>();
        for (int i = 0; i < 50; i++) {
            Clip clip = speaker.say(random);
            heard.put(clip.text(), clip.source() + " " + clip.sampleRate() + " " + clip.samples().length);
        }
        assertThat(heard)
                .containsOnly(
                        java.util.Map.entry("first one", "a.wav 8000 8000"),
                        java.util.Map.entry("part", "b.wav 16000 16000"),
                        java.util.Map.entry("second", "b.wav 16000 32000"));
    }

    @Test
    void aRecordingThatIsNoneIsNamed() throws IOException {
        Files.writeString(folder.resolve("b.wav"), "this is no audio at all");
        ManifestSpeech speech = ManifestSpeech.read(manifest("{\"audio_filepath\":\"b.wav\",\"text\":\"a\"}"));
        SeededRandom random = new SeededRandom(1);
        assertThatThrownBy(() -> speech.speaker(random).say(random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.wav: no sound that is read");
    }

    private Path manifest(String... lines) throws IOException {
        return Files.write(folder.resolve("manifest.jsonl"), List.of(lines));
    }
}
