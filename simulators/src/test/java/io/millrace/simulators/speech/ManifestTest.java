package io.millrace.simulators.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ManifestTest {
    @TempDir
    private Path folder;

    private Path manifest;

    @BeforeEach
    void record() throws IOException {
        manifest = folder.resolve("manifest.jsonl");
        Recordings.write(folder.resolve("b.wav"), new float[16_000]);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        ManifestLine part = new ManifestLine(
                "b.wav", "part", 0.5, 0.25, "ann", List.of(new ManifestLine.TimedWord("part", 0.125, 0.375)));
        ManifestLine whole = new ManifestLine(folder.resolve("b.wav").toString(), "whole", 1.0, null, null);
        Manifest.write(manifest, List.of(part, whole));

        List<Manifest.Entry> entries = Manifest.read(manifest);

        assertThat(entries).extracting(Manifest.Entry::line).containsExactly(part, whole);
        assertThat(entries).extracting(Manifest.Entry::file).containsOnly(folder.resolve("b.wav"));
    }

    @Test
    void blankLinesCountButSayNothing() throws IOException {
        Files.writeString(
                manifest, "\n{\"audio_filepath\":\"b.wav\",\"text\":\"a\",\"speaker\":3,\"words\":[\"a\"]}\n\n");

        assertThat(Manifest.read(manifest)).singleElement().satisfies(entry -> {
            assertThat(entry.place()).isEqualTo(manifest + " line 2");
            assertThat(entry.line()).isEqualTo(new ManifestLine("b.wav", "a", null, null, "3"));
        });
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.25, 8, 4", "0.5, 9, 8, 8", "0.5, , 8, 8", ", 0.25, 0, 16"})
    void aPartBeginsAtItsOffset(Double offset, Double duration, int first, int length) throws IOException {
        float[] samples = new float[16];
        for (int i = 0; i < 16; i++) {
            samples[i] = i;
        }
        float[] part = entry(offset, duration).part(samples, 16);

        assertThat(part).hasSize(length);
        assertThat(part[0]).isEqualTo(first);
    }

    @Test
    void aPartBeyondTheRecordingIsRefusedWithTheLine() {
        assertThatThrownBy(() -> entry(1.0, 1.0).part(new float[16], 16))
                .isInstanceOf(IOException.class)
                .hasMessage("m line 7: offset and duration lie outside b.wav");
        assertThatThrownBy(() -> entry(0.0, 0.0).part(new float[16], 16)).isInstanceOf(IOException.class);
    }

    private static Manifest.Entry entry(Double offset, Double duration) {
        return new Manifest.Entry("m line 7", Path.of("b.wav"), new ManifestLine("b.wav", "a", duration, offset, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"audio_filepath\": | line 1 is not JSON",
                "{\"audio_filepath\":\"b.wav\"} | line 1: no text \"text\"",
                "{\"text\":\"a\"} | line 1: no text \"audio_filepath\"",
                "[] | line 1: no text \"audio_filepath\"",
                "{\"audio_filepath\":\"c.wav\",\"text\":\"a\"} | line 1: c.wav is not a file that can be read",
                "{\"audio_filepath\":\"b.wav\",\"text\":\"a\",\"offset\":-1} | line 1: \"offset\" must be 0 or more",
                "{\"audio_filepath\":\"b.wav\",\"text\":\"a\",\"duration\":\"1\"} | \"duration\" must be 0 or more",
                "{\"audio_filepath\":\"b.wav\",\"text\":\"a\",\"words\":[{\"word\":\"a\"}]} | \"words\" must hold word, start and end",
                "{\"audio_filepath\":\"b.wav\",\"text\":\"a\",\"words\":[{\"word\":\"a\",\"start\":2,\"end\":1}]} | \"words\" must",
                "'' | names no utterance",
            })
    void aWrongManifestIsRefusedWithFileAndLine(String line, String message) throws IOException {
        Files.writeString(manifest, line + "\n");

        assertThatThrownBy(() -> Manifest.read(manifest))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(manifest.toString())
                .hasMessageContaining(message);
    }
}
