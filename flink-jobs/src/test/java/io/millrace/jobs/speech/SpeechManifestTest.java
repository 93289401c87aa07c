package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.millrace.models.speech.dataset.Utterance;
import io.millrace.simulators.speech.Recordings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SpeechManifestTest {
    @TempDir
    private Path folder;

    /** Two seconds: a quiet one and a loud one. */
    @BeforeEach
    void makeSound() throws IOException {
        float[] samples = new float[2 * 16_000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) ((i < 16_000 ? 0.1 : 0.5) * Math.sin(i * 0.3));
        }
        Recordings.write(folder.resolve("sound.wav"), samples);
    }

    private List<Utterance> read(String lines) throws IOException {
        Path manifest = Files.writeString(folder.resolve("all.jsonl"), lines);
        return SpeechManifest.read(manifest);
    }

    private static float loudest(float[] samples) {
        float most = 0;
        for (float sample : samples) {
            most = Math.max(most, Math.abs(sample));
        }
        return most;
    }

    @Test
    void aFileIsAnUtteranceOfWordsInLowerCase() throws IOException {
        List<Utterance> all = read("{\"audio_filepath\":\"sound.wav\",\"text\":\" One  TWO\",\"speaker\":\"ann\"}\n");
        assertThat(all).singleElement().satisfies(one -> {
            assertThat(one.words()).containsExactly("one", "two");
            assertThat(one.speaker()).isEqualTo("ann");
            assertThat(one.duration()).isCloseTo(2, within(1e-3));
        });
    }

    @Test
    void whoIsNotKnownToSpeakIsKnownByTheFile() throws IOException {
        assertThat(read("{\"audio_filepath\":\"sound.wav\",\"text\":\"one\"}\n")
                        .get(0)
                        .speaker())
                .isEqualTo(folder.resolve("sound.wav").toString());
    }

    @Test
    void aPartOfAFileIsThatPart() throws IOException {
        List<Utterance> all = read("""
                {"audio_filepath":"sound.wav","text":"quiet","offset":0,"duration":1}
                {"audio_filepath":"sound.wav","text":"loud","offset":1.25,"duration":0.5}
                """);
        assertThat(all).extracting(Utterance::duration).containsExactly(1.0, 0.5);
        assertThat(loudest(all.get(0).amplitudes())).isCloseTo(0.1f, within(0.01f));
        assertThat(loudest(all.get(1).amplitudes())).isCloseTo(0.5f, within(0.01f));
    }

    @Test
    void nothingSaidHasNoWords() throws IOException {
        assertThat(read("{\"audio_filepath\":\"sound.wav\",\"text\":\"\"}\n")
                        .get(0)
                        .words())
                .isEmpty();
    }

    @Test
    void placesOfWordsCountWhereTheyAreThoseOfTheText() throws IOException {
        String words =
                "\"words\":[{\"word\":\"One\",\"start\":0.1,\"end\":0.4},{\"word\":\"two\",\"start\":0.5,\"end\":0.9}]";
        assertThat(read("{\"audio_filepath\":\"sound.wav\",\"text\":\"one two\"," + words + "}\n")
                        .get(0)
                        .places())
                .containsExactly(new Utterance.Place(0.1, 0.4), new Utterance.Place(0.5, 0.9));
        assertThat(read("{\"audio_filepath\":\"sound.wav\",\"text\":\"one three\"," + words + "}\n")
                        .get(0)
                        .places())
                .isEmpty();
    }

    @Test
    void whatIsWrongIsToldByFileAndLine() throws IOException {
        assertThatThrownBy(() -> read("{\"audio_filepath\":\"none.wav\",\"text\":\"x\"}\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("all.jsonl line 1: ")
                .hasMessageContaining("none.wav");
        Files.writeString(folder.resolve("text.wav"), "this is no sound");
        assertThatThrownBy(() -> read("\n{\"audio_filepath\":\"text.wav\",\"text\":\"x\"}\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("all.jsonl line 2: ");
        assertThatThrownBy(() -> SpeechManifest.read(folder.resolve("missing.jsonl")))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no manifest " + folder.resolve("missing.jsonl"));
    }
}
