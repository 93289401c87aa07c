package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.millrace.simulators.speech.SpeechSynthesizer;
import io.millrace.simulators.speech.stream.DigitSpeech;
import io.millrace.simulators.speech.stream.EspeakSpeech;
import io.millrace.simulators.speech.stream.ManifestSpeech;
import io.millrace.simulators.speech.stream.SpeechSource;
import picocli.CommandLine.Option;

/** Where simulated streams have their speech from: exactly one of three. */
final class SpeechSourceOptions {
    @Option(
            names = "--manifest",
            required = true,
            paramLabel = "FILE",
            description =
                    "Recordings that a NeMo manifest names: lines of JSON with audio_filepath, text and, for a part of a"
                            + " recording, offset and duration.")
    private Path manifest;

    @Option(
            names = "--fsdd",
            required = true,
            paramLabel = "DIR[:SPLIT]",
            description =
                    "Strings of digits of the Free Spoken Digit Dataset: a FLAC file a speaker and index.csv; of a split"
                            + " alone where one is named.")
    private String digits;

    @Option(
            names = "--espeak",
            required = true,
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "SENTENCES",
            description =
                    "Spoken by eSpeak NG, which must be installed: commands to a house and a card table, which the shipped model"
                            + " understands, or the lines of a file.")
    private String sentences;

    /**
     * Opens what the options name.
     *
     * @throws IOException if it cannot be read or is not installed; the message says what is wrong
     */
    SpeechSource open() throws IOException {
        if (manifest != null) {
            return ManifestSpeech.read(readable(manifest));
        }
        if (digits != null) {
            // A folder whose name has a colon is taken as it is.
            int colon = Files.isDirectory(Path.of(digits)) ? -1 : digits.lastIndexOf(':');
            return colon < 0
                    ? DigitSpeech.read(Path.of(digits), null)
                    : DigitSpeech.read(Path.of(digits.substring(0, colon)), digits.substring(colon + 1));
        }
        List<String> lines = sentences.isEmpty()
                ? List.of()
                : Files.readAllLines(readable(Path.of(sentences))).stream()
                        .filter(line -> !line.isBlank())
                        .toList();
        return EspeakSpeech.find(new SpeechSynthesizer(), lines);
    }

    private static Path readable(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException(file + " is not a file that can be read");
        }
        return file;
    }
}
