package io.millrace.simulators.speech.stream;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.millrace.simulators.random.SeededRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class RecordedDigitsTest {

    private static final Set<String> WORDS =
            Set.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    @Test
    void everyRecordingIsThereAndSaysDigits(@TempDir Path folder) throws Exception {
        ManifestSpeech speech = RecordedDigits.unpack(folder.resolve("new"));

        assertThat(speech.size()).isEqualTo(12);
        SpeechSource.Speaker speaker = speech.speaker(new SeededRandom(3));
        SeededRandom random = new SeededRandom(4);
        Set<String> heard = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Clip clip = speaker.say(random);
            heard.add(clip.source());
            assertThat(List.of(clip.text().split(" "))).hasSizeBetween(3, 7).isSubsetOf(WORDS);
            assertThat(clip.sampleRate()).isEqualTo(8000);
            assertThat(clip.seconds()).isBetween(1.0, 8.0);
        }
        assertThat(heard).hasSize(12);
    }

    /** They ride along in every build. */
    @Test
    void theyAreSmall(@TempDir Path folder) throws Exception {
        RecordedDigits.unpack(folder);

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(500_000);
        }
    }

    @Test
    void theirLicenceLiesBesideThem() {
        assertThat(RecordedDigits.class.getResource("digits/README.md")).isNotNull();
    }
}
