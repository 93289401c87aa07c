package io.millrace.simulators.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.Recordings;

/**
 * The recordings that a manifest of NVIDIA NeMo names: of each line {@code audio_filepath}, relative to the manifest where
 * it is not absolute, {@code text}, and where a part is meant {@code offset} and {@code duration} in seconds. A recording is
 * read when it is used.
 */
public final class ManifestSpeech implements SpeechSource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Entry> entries;

    private record Entry(Path file, String text, double offset, double duration) {}

    private ManifestSpeech(List<Entry> entries) {
        this.entries = entries;
    }

    /**
     * Reads a manifest.
     *
     * @throws IOException if it cannot be read, has no entry, or a line is none or names a file that is not there
     */
    public static ManifestSpeech read(Path manifest) throws IOException {
        Path folder = manifest.toAbsolutePath().getParent();
        List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(manifest)) {
            number++;
            if (!line.isBlank()) {
                entries.add(entry(line, folder, manifest.getFileName() + ", line " + number));
            }
        }
        if (entries.isEmpty()) {
            throw new IOException(manifest.getFileName() + " names no recording");
        }
        return new ManifestSpeech(entries);
    }

    private static Entry entry(String line, Path folder, String where) throws IOException {
        JsonNode fields;
        try {
            fields = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException(where + " is not JSON: " + e.getOriginalMessage(), e);
        }
        String path = fields.path("audio_filepath").asText("");
        if (path.isEmpty() || !fields.path("text").isTextual()) {
            throw new IOException(where + " must have audio_filepath and text");
        }
        Path file = folder.resolve(path);
        if (!Files.isReadable(file)) {
            throw new IOException(where + ": " + path + " cannot be read");
        }
        double offset = fields.path("offset").asDouble(0);
        // NeMo writes a duration in any case; only with an offset does it mean a part.
        double duration = fields.has("offset") ? fields.path("duration").asDouble(0) : 0;
        if (!(offset >= 0) || !(duration >= 0)) {
            throw new IOException(where + ": offset and duration must not be negative");
        }
        return new Entry(file, fields.path("text").asText(), offset, duration);
    }

    /** Recordings that the manifest names. */
    public int size() {
        return entries.size();
    }

    @Override
    public Speaker speaker(SeededRandom random) {
        return each -> clip(entries.get(each.below(entries.size())));
    }

    private static Clip clip(Entry entry) throws IOException {
        Recordings.Recording recording = Recordings.original(entry.file());
        long first = Math.round(entry.offset() * recording.sampleRate());
        long length = recording.samples().length - first;
        if (entry.duration() > 0) {
            length = Math.min(length, Math.round(entry.duration() * recording.sampleRate()));
        }
        String name = entry.file().getFileName().toString();
        if (length < 1) {
            throw new IOException(name + " ends before its offset of " + entry.offset() + " s");
        }
        return new Clip(entry.text(), name, recording.sampleRate(), recording.part(first, length), List.of());
    }
}
