package io.millrace.jobs.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.speech.evaluation.WordErrors;

/**
 * The errors of transcripts that another recogniser wrote into a manifest, as pred_text beside text.
 *
 * @param utterances lines judged
 * @param errors errors of all of them
 */
record JudgedTranscripts(int utterances, WordErrors errors) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a manifest.
     *
     * @param speakers speakers to judge by; empty for all
     * @throws IOException if it cannot be read, is not there, a line lacks one of the texts, or nobody of these speaks
     */
    static JudgedTranscripts read(Path manifest, List<String> speakers) throws IOException {
        if (!Files.exists(manifest)) {
            throw new IOException("there is no manifest " + manifest);
        }
        WordErrors errors = WordErrors.NONE;
        int number = 0;
        for (String line : Files.readAllLines(manifest)) {
            JsonNode utterance = line.isBlank() ? null : utterance(manifest, line);
            if (utterance != null
                    && (speakers.isEmpty()
                            || speakers.contains(utterance.path("speaker").asText()))) {
                errors = errors.plus(WordErrors.of(words(utterance.get("text")), words(utterance.get("pred_text"))));
                number++;
            }
        }
        if (number == 0) {
            throw new IOException(manifest + " has no utterances" + (speakers.isEmpty() ? "" : " of " + speakers));
        }
        return new JudgedTranscripts(number, errors);
    }

    private static JsonNode utterance(Path manifest, String line) throws IOException {
        JsonNode utterance;
        try {
            utterance = JSON.readTree(line);
        } catch (JsonProcessingException wrong) {
            throw new IOException(manifest + ": not JSON: " + line, wrong);
        }
        if (!utterance.path("text").isTextual() || !utterance.path("pred_text").isTextual()) {
            throw new IOException(manifest + ": every line must hold text and pred_text, not " + line);
        }
        return utterance;
    }

    private static List<String> words(JsonNode text) {
        String said = text.textValue().toLowerCase(Locale.ROOT).strip();
        return said.isEmpty() ? List.of() : List.of(said.split("\\s+"));
    }
}
