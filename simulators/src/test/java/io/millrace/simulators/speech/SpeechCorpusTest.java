package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpeechCorpusTest {

    @TempDir
    Path folder;

    @Test
    void commandsAreOfAClosedVocabularyAndRepeatable() {
        Set<String> words = new HashSet<>(CommandGrammar.vocabulary());
        CommandGrammar grammar = new CommandGrammar(new Random(7));
        CommandGrammar again = new CommandGrammar(new Random(7));
        for (int i = 0; i < 2000; i++) {
            String command = grammar.next();

            assertThat(again.next()).isEqualTo(command);
            assertThat(words).as(command).contains(command.split(" "));
        }
        assertThat(words).contains("kitchen", "thermostat", "spades", "o'clock", "zero", "forward");
    }

    @Test
    void noVoiceSpeaksInTwoParts() {
        Set<Voice> all = new HashSet<>();
        for (Voice.Part part : Voice.Part.values()) {
            for (Voice voice : Voice.of(part)) {
                assertThat(all.add(voice)).as(voice.speaker()).isTrue();
            }
        }
        Set<String> trained = variants(Voice.Part.TRAIN);
        assertThat(variants(Voice.Part.TEST)).as("not even with another accent").doesNotContainAnyElementsOf(trained);
        assertThat(variants(Voice.Part.VALID)).doesNotContainAnyElementsOf(trained);
    }

    private static Set<String> variants(Voice.Part part) {
        Set<String> variants = new HashSet<>();
        for (Voice voice : Voice.of(part)) {
            if (voice.synthesizer() == Voice.Synthesizer.ESPEAK) {
                variants.add(voice.name().split("\\+")[1]);
            }
        }
        return variants;
    }

    /** Digits of one speaker, each take a constant of its own, so that a string tells which takes it is made of. */
    private Path clips() throws IOException {
        Path clips = Files.createDirectories(folder.resolve("clips"));
        float[] samples = new float[10 * 10 * 3200];
        StringBuilder index = new StringBuilder("speaker,digit,take,offset_samples,num_samples,split\n");
        for (int digit = 0; digit < 10; digit++) {
            for (int take = 0; take < 10; take++) {
                int at = digit * 10 + take;
                java.util.Arrays.fill(samples, at * 3200, (at + 1) * 3200, (at + 1) / 128f);
                // The index counts samples of 8 kHz, two of which are four of the file's here.
                index.append(
                        "ann,%d,%d,%d,%d,%s\n".formatted(digit, take, at * 1600, 1600, take < 5 ? "test" : "train"));
            }
        }
        // Read by content, not by name: a WAV file of 16 kHz is what this is.
        Recordings.write(clips.resolve("ann.flac"), samples);
        Files.writeString(clips.resolve("index.csv"), index);
        return clips;
    }

    @Test
    void stringsAreMadeOfClipsOfTheirPartAlone() throws IOException {
        List<String> words = List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
        List<DigitClips.Digits> strings =
                new DigitClips(DigitIndex.read(clips())).strings(Voice.Part.TEST, 20, 3, 7, 1);

        assertThat(strings).hasSize(20);
        for (DigitClips.Digits digits : strings) {
            List<String> heard = new ArrayList<>();
            List<ManifestLine.TimedWord> places = new ArrayList<>();
            float[] samples = digits.samples();
            for (int i = 0; i < samples.length; ) {
                if (samples[i] > 0.001) {
                    int at = Math.round(samples[i + 1600] * 128) - 1;
                    heard.add(words.get(at / 10));
                    assertThat(at % 10).as("take").isLessThan(5);
                    places.add(new ManifestLine.TimedWord(words.get(at / 10), i / 16_000.0, (i + 3200) / 16_000.0));
                    i += 3200;
                } else {
                    i++;
                }
            }
            assertThat(heard).isEqualTo(List.of(digits.text().split(" ")));
            assertThat(digits.words()).isEqualTo(places);
            assertThat(heard).hasSizeBetween(3, 7);
        }
    }

    @Test
    void promptsOfASwitchboardAreWordsToTrainOn() throws IOException {
        Path prompts = Files.createDirectories(folder.resolve("prompts/digits"));
        SwitchboardPrompts source = new SwitchboardPrompts(prompts.getParent());
        Path out = Files.createDirectories(folder.resolve("corpus"));
        assertThatThrownBy(() -> new SpeechCorpus(out, 1).prompts(source))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("digits/0.wav is not there")
                .hasMessageContaining("asterisk-core-sounds-en-wav");
        for (String word : List.of("a-m", "p-m", "oclock")) {
            Recordings.write(prompts.resolve(word + ".wav"), new float[8000]);
        }
        for (int value = 0; value < 100; value++) {
            Recordings.write(prompts.resolve(value + ".wav"), new float[8000]);
        }
        for (String word : List.of("for", "hello", "hours", "is", "minutes", "seconds", "time")) {
            Recordings.write(prompts.resolveSibling(word + ".wav"), new float[8000]);
        }
        new SpeechCorpus(out, 1).prompts(source);

        List<String> words = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("prompts-train.jsonl"))) {
            JsonNode entry = new ObjectMapper().readTree(line);
            assertThat(out.resolve(entry.get("audio_filepath").asText())).exists();
            assertThat(entry.get("duration").asDouble()).isEqualTo(0.5);
            words.add(entry.get("text").asText());
        }
        assertThat(words)
                .contains("zero", "nineteen", "ninety", "am", "o'clock")
                .doesNotHaveDuplicates();
        assertThat(CommandGrammar.vocabulary()).containsAll(words);
    }

    @Test
    void aPartForWhichNoVoiceIsKeptIsNamed() {
        SpeechCorpus.Speakers speakers = new SpeechCorpus.Speakers(Set.of(Voice.Synthesizer.RHVOICE), 0.5, 1);
        assertThatThrownBy(() -> new SpeechCorpus(folder, 1).commands(Voice.Part.TEST, 1, speakers, done -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no voice of [RHVOICE] is kept for the part TEST");
        assertThatThrownBy(() -> new SpeechCorpus.Speakers(Set.of(Voice.Synthesizer.ESPEAK), 1.5, 1))
                .hasMessageContaining("1.5");
    }

    @Test
    void writesManifestsOfDigits() throws IOException {
        Path out = folder.resolve("corpus");
        new SpeechCorpus(out, 1).digits(new DigitClips(DigitIndex.read(clips())), 4, 3, 7);

        List<String> train = Files.readAllLines(out.resolve("digits-train.jsonl"));
        JsonNode first = new ObjectMapper().readTree(train.get(0));
        assertThat(train).hasSize(20);
        assertThat(out.resolve(first.get("audio_filepath").asText())).exists();
        assertThat(first.get("duration").asDouble()).isEqualTo(0.2);
        assertThat(first.get("speaker").asText()).isEqualTo("ann");
        JsonNode string = new ObjectMapper()
                .readTree(Files.readAllLines(out.resolve("digits-test.jsonl")).get(0));
        assertThat(Recordings.read(out.resolve(string.get("audio_filepath").asText())))
                .hasSize((int) Math.round(string.get("duration").asDouble() * 16_000));
        assertThat(string.get("words")).hasSize(string.get("text").asText().split(" ").length);
    }
}
