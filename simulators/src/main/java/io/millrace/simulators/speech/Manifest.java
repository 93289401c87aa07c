package io.millrace.simulators.speech;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Manifests as NVIDIA NeMo has them: of each utterance a line of JSON with {@code audio_filepath}, relative to the manifest
 * where it is not absolute, {@code text}, where a part of a file is meant {@code offset} and {@code duration} in seconds, and
 * {@code speaker} if known; beside them, as this project writes it, {@code words} with {@code word}, {@code start} and {@code
 * end} in seconds of the utterance.
 */
public final class Manifest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Manifest() {}

    /**
     * An utterance of a manifest that has been read.
     *
     * @param place manifest and line, for messages
     * @param file audio file, absolute; it was there when the manifest was read
     * @param line what the manifest says
     */
    public record Entry(String place, Path file, ManifestLine line) {

        /**
         * The samples that are meant of a recording of the file. Without an offset those are all: NeMo writes a duration in
         * any case. A part that is said to end after the recording ends with it.
         *
         * @param samples all of the recording
         * @param sampleRate samples a second
         * @throws IOException if the recording ends before the part begins
         */
        public float[] part(float[] samples, int sampleRate) throws IOException {
            if (line.offset() == null) {
                return samples;
            }
            long first = Math.round(line.offset() * sampleRate);
            long length = samples.length - first;
            if (line.duration() != null) {
                length = Math.min(length, Math.round(line.duration() * sampleRate));
            }
            if (length < 1) {
                throw new IOException(place + ": offset and duration lie outside " + line.path());
            }
            return new Recordings.Recording(sampleRate, samples).part(first, length);
        }
    }

    /**
     * Reads a manifest, not its audio.
     *
     * @throws IOException if it cannot be read, has no utterance, or a line is none or names a file that is not there; the
     *     message names file and line
     */
    public static List<Entry> read(Path manifest) throws IOException {
        if (!Files.exists(manifest)) {
            throw new IOException("there is no manifest " + manifest);
        }
        List<String> lines = Files.readAllLines(manifest);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String place = manifest + " line " + (i + 1);
                ManifestLine line;
                try {
                    line = line(JSON.readTree(lines.get(i)));
                } catch (JsonProcessingException e) {
                    throw new IOException(place + " is not JSON: " + e.getOriginalMessage(), e);
                } catch (IllegalArgumentException e) {
                    throw new IOException(place + ": " + e.getMessage(), e);
                }
                Path file = manifest.toAbsolutePath().resolveSibling(line.path());
                if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                    throw new IOException(place + ": " + line.path() + " is not a file that can be read");
                }
                entries.add(new Entry(place, file, line));
            }
        }
        if (entries.isEmpty()) {
            throw new IOException(manifest + " names no utterance");
        }
        return entries;
    }

    /** Writes a manifest. */
    static void write(Path manifest, List<ManifestLine> lines) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(manifest)) {
            for (ManifestLine line : lines) {
                writer.write(JSON.writeValueAsString(line));
                writer.newLine();
            }
        }
    }

    private static ManifestLine line(JsonNode fields) {
        return new ManifestLine(
                text(fields, "audio_filepath"),
                text(fields, "text"),
                seconds(fields, "duration"),
                seconds(fields, "offset"),
                // A name to some, a number to others.
                fields.path("speaker").asText(null),
                words(fields));
    }

    private static List<ManifestLine.TimedWord> words(JsonNode fields) {
        // Other tools write words there without times, or otherwise.
        if (!fields.path("words").path(0).isObject()) {
            return null;
        }
        List<ManifestLine.TimedWord> words = new ArrayList<>();
        for (JsonNode word : fields.get("words")) {
            Double start = seconds(word, "start");
            Double end = seconds(word, "end");
            if (start == null || end == null || end < start) {
                throw new IllegalArgumentException("\"words\" must hold word, start and end, not " + word);
            }
            words.add(new ManifestLine.TimedWord(text(word, "word"), start, end));
        }
        return words;
    }

    private static String text(JsonNode fields, String name) {
        if (!fields.path(name).isTextual()) {
            throw new IllegalArgumentException("no text \"" + name + "\"");
        }
        return fields.get(name).textValue();
    }

    private static Double seconds(JsonNode fields, String name) {
        if (!fields.hasNonNull(name)) {
            return null;
        }
        JsonNode value = fields.get(name);
        if (!value.isNumber() || !(value.doubleValue() >= 0)) {
            throw new IllegalArgumentException("\"" + name + "\" must be 0 or more seconds, not " + value);
        }
        return value.doubleValue();
    }
}
