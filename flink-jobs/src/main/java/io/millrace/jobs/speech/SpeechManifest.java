package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.speech.training.Utterance;
import io.millrace.simulators.speech.Recordings;

/**
 * Utterances as a manifest of NeMo's kind names them: a JSON object a line with {@code audio_filepath} (from the
 * manifest's folder on, if it is not absolute), {@code text}, and where a file holds several, {@code offset} and {@code
 * duration} in seconds; {@code speaker} if known.
 */
public final class SpeechManifest {

    private static final int RATE = 16_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private SpeechManifest() {}

    /**
     * Reads a manifest and its audio.
     *
     * @throws IOException if a file cannot be read or a line makes no sense; the message names it
     */
    public static List<Utterance> read(Path manifest) throws IOException {
        List<Utterance> utterances = new ArrayList<>();
        Map<Path, float[]> shared = new HashMap<>();
        List<String> lines = Files.readAllLines(manifest);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String place = manifest + " line " + (i + 1) + ": ";
                try {
                    utterances.add(utterance(JSON.readTree(lines.get(i)), manifest, shared));
                } catch (JsonProcessingException e) {
                    throw new IOException(place + e.getOriginalMessage(), e);
                } catch (IllegalArgumentException | IOException e) {
                    throw new IOException(place + e.getMessage(), e);
                }
            }
        }
        if (utterances.isEmpty()) {
            throw new IOException(manifest + " names no utterances");
        }
        return utterances;
    }

    private static Utterance utterance(JsonNode line, Path manifest, Map<Path, float[]> shared) throws IOException {
        Path file = manifest.toAbsolutePath().resolveSibling(text(line, "audio_filepath"));
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("no file " + file);
        }
        String speaker = line.path("speaker").asText(file.toString());
        String said = text(line, "text").toLowerCase(Locale.ROOT).strip();
        List<String> words = said.isEmpty() ? List.of() : Arrays.asList(said.split("\\s+"));
        if (!line.has("offset")) {
            return Utterance.of(speaker, words, Recordings.read(file));
        }
        float[] all = shared.get(file);
        if (all == null) {
            all = Recordings.read(file);
            shared.put(file, all);
        }
        int from = (int) Math.round(number(line, "offset") * RATE);
        int to = Math.min(all.length, from + (int) Math.round(number(line, "duration") * RATE));
        if (from < 0 || from >= to) {
            throw new IllegalArgumentException("offset and duration lie outside " + file);
        }
        return Utterance.of(speaker, words, Arrays.copyOfRange(all, from, to));
    }

    private static String text(JsonNode line, String field) {
        if (!line.path(field).isTextual()) {
            throw new IllegalArgumentException("no text \"" + field + "\"");
        }
        return line.get(field).textValue();
    }

    private static double number(JsonNode line, String field) {
        if (!line.path(field).isNumber()) {
            throw new IllegalArgumentException("no number \"" + field + "\"");
        }
        return line.get(field).doubleValue();
    }
}
