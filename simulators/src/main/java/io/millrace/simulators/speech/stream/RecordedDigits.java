package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Strings of digits that come with the build, so that there is speech without any other program: clips of the Free Spoken
 * Digit Dataset that no model of ours is trained on. Credit, licence and how they were made lie beside them.
 */
public final class RecordedDigits {

    private static final String MANIFEST = "manifest.jsonl";

    private RecordedDigits() {}

    /**
     * Writes the recordings into a folder, which is made, and opens them there.
     *
     * @throws IOException if they cannot be written
     */
    public static ManifestSpeech unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path manifest = copy(MANIFEST, folder);
        ObjectMapper json = new ObjectMapper();
        for (String line : Files.readAllLines(manifest)) {
            JsonNode entry = json.readTree(line);
            copy(entry.path("audio_filepath").textValue(), folder);
        }
        return ManifestSpeech.read(manifest);
    }

    private static Path copy(String name, Path folder) throws IOException {
        try (InputStream resource = RecordedDigits.class.getResourceAsStream("digits/" + name)) {
            if (resource == null) {
                throw new IOException("this build has no digits/" + name);
            }
            Path file = folder.resolve(name);
            Files.copy(resource, file);
            return file;
        }
    }
}
