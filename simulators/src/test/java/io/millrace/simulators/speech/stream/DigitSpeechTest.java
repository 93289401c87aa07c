package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.millrace.simulators.random.SeededRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class DigitSpeechTest {
    private static final int RATE = 8000;
    private static final int TAKE = 1600;
    private static final List<String> WORDS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    @TempDir
    private Path folder;

    private final List<String> index = new ArrayList<>(List.of("speaker,digit,take,offset_samples,num_samples,split"));

    /** Of each digit two takes, a tone of its own; readers tell formats by content, so WAV will do for FLAC. */
    @BeforeEach
    void record() throws IOException {
        for (String speaker : List.of("ann", "bob")) {
            float[] all = new float[20 * TAKE];
            for (int i = 0; i < 20; i++) {
                System.arraycopy(Tones.tone(RATE, 300 + 100 * (i / 2), 0.5, TAKE), 0, all, i * TAKE, TAKE);
                String split = i % 2 == 0 ? "test" : "train";
                index.add(speaker + "," + i / 2 + "," + i % 2 + "," + i * TAKE + "," + TAKE + "," + split);
            }
            Tones.wav(folder.resolve(speaker + ".flac"), RATE, all);
        }
        Files.write(folder.resolve("index.csv"), index);
    }

    @Test
    void eachWordIsHeardAtItsTime() throws IOException {
        DigitSpeech speech = DigitSpeech.read(folder, null);
        SeededRandom random = new SeededRandom(3);
        SpeechSource.Speaker speaker = speech.speaker(random);
        for (int i = 0; i < 20; i++) {
            Clip clip = speaker.say(random);
            assertThat(clip.text().split(" "))
                    .hasSizeBetween(2, 7)
                    .containsExactlyElementsOf(
                            clip.words().stream().map(Clip.Word::text).toList());
            for (Clip.Word word : clip.words()) {
                int from = (int) Math.round(word.start() * RATE);
                int to = (int) Math.round(word.end() * RATE);
                double hertz = 300 + 100 * WORDS.indexOf(word.text());
                assertThat(Tones.amplitude(clip.samples(), from, to, hertz, RATE))
                        .isCloseTo(0.5, within(0.01));
            }
            assertThat(clip.words().get(clip.words().size() - 1).end()).isEqualTo(clip.seconds());
        }
    }

    @Test
    void aSpeakerStaysTheSame() throws IOException {
        DigitSpeech speech = DigitSpeech.read(folder, "test");
        SeededRandom random = new SeededRandom(3);
        SpeechSource.Speaker speaker = speech.speaker(random);
        String source = speaker.say(random).source();
        for (int i = 0; i < 10; i++) {
            assertThat(speaker.say(random).source()).isEqualTo(source);
        }
    }

    @Test
    void everyDigitIsNeeded() {
        assertThatThrownBy(() -> DigitSpeech.read(folder, "validation"))
                .hasMessageContaining("lacks takes of some digit in split validation");
    }

    @Test
    void anIndexBeyondTheRecordingIsNoticed() throws IOException {
        index.replaceAll(line -> line.replace("," + TAKE + ",", "," + 100 * TAKE + ","));
        Files.write(folder.resolve("index.csv"), index);
        SeededRandom random = new SeededRandom(1);
        SpeechSource.Speaker speaker = DigitSpeech.read(folder, null).speaker(random);
        assertThatThrownBy(() -> speaker.say(random))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".flac does not fit index.csv");
    }
}
