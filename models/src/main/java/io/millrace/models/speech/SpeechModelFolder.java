package io.millrace.models.speech;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.models.card.ModelCard;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.speech.network.FastConformerConfig;
import io.millrace.models.speech.network.FastConformerWeights;
import io.millrace.models.speech.tokens.Tokens;

/**
 * A speech model on disk: {@code card.json}, {@code weights.safetensors} and {@code tokens.json}.
 *
 * @param card what the model is
 * @param config sizes of its network
 * @param tokens its tokens
 * @param weights its weights by name
 */
public record SpeechModelFolder(
        ModelCard card, FastConformerConfig config, Tokens tokens, Map<String, HostTensor> weights) {

    /** Class of network in the card. */
    public static final String ARCHITECTURE = "fastconformer";

    private static final String WEIGHTS = "weights.safetensors";
    private static final String TOKENS = "tokens.json";
    private static final String SHIPPED = "/io/millrace/models/speech/default/";
    private static final List<String> FILES = List.of(ModelCard.FILE, WEIGHTS, TOKENS);
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What a card says beside sizes and weights. */
    public record About(
            String name, ModelCard.TrainingData trainingData, long seed, Map<String, Double> metrics, String command) {}

    /**
     * Writes a model; its version is the beginning of the hash of its weights.
     *
     * @throws IllegalArgumentException if weights or tokens do not fit the sizes
     */
    public static ModelCard write(
            Path folder, About about, FastConformerConfig config, Tokens tokens, Map<String, HostTensor> weights)
            throws IOException {
        check(config, tokens, weights);
        Files.createDirectories(folder);
        Path file = folder.resolve(WEIGHTS);
        Safetensors.write(file, weights);
        String hash = ModelCard.sha256(file);
        Files.writeString(folder.resolve(TOKENS), JSON.writeValueAsString(tokens) + "\n");
        ModelCard card = new ModelCard(
                about.name(),
                hash.substring(0, 12),
                ARCHITECTURE,
                ModelCard.toJson(config),
                about.trainingData(),
                about.seed(),
                about.metrics(),
                0,
                null,
                null,
                WEIGHTS,
                hash,
                about.command());
        card.write(folder);
        return card;
    }

    /**
     * Reads a model.
     *
     * @throws IOException if a file is missing or cannot be read
     * @throws IllegalArgumentException if a file is malformed, or the files do not belong together
     */
    public static SpeechModelFolder read(Path folder) throws IOException {
        ModelCard card = ModelCard.read(folder);
        if (!ARCHITECTURE.equals(card.architecture())) {
            throw new IllegalArgumentException(
                    folder + " holds a model of kind " + card.architecture() + ", not " + ARCHITECTURE);
        }
        Path file = folder.resolve(TOKENS);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "no tokens");
        }
        Tokens tokens;
        try {
            tokens = JSON.readValue(Files.readString(file), Tokens.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": " + e.getOriginalMessage(), e);
        }
        FastConformerConfig config = card.configAs(FastConformerConfig.class);
        Map<String, HostTensor> weights = card.readWeights(folder);
        check(config, tokens, weights);
        return new SpeechModelFolder(card, config, tokens, weights);
    }

    /**
     * The model that ships: connected digits and spoken commands.
     *
     * @throws IOException if this build carries none
     */
    public static SpeechModelFolder shipped() throws IOException {
        Path folder = Files.createTempDirectory("millrace-speech");
        try {
            for (String file : FILES) {
                try (InputStream stream = SpeechModelFolder.class.getResourceAsStream(SHIPPED + file)) {
                    if (stream == null) {
                        throw new IOException("this build carries no default speech model: " + file + " is missing");
                    }
                    Files.copy(stream, folder.resolve(file));
                }
            }
            return read(folder);
        } finally {
            for (String file : FILES) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    /** The model of a folder, or the one that ships where {@code folder} is null. */
    public static SpeechModelFolder readOrShipped(Path folder) throws IOException {
        return folder == null ? shipped() : read(folder);
    }

    /** SHA-256 of card and tokens, the card holding that of the weights: it tells this model from every other. */
    public String digest() {
        try {
            return ModelCard.sha256(JSON.writeValueAsBytes(List.of(card, tokens)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("card and tokens of " + card.modelId() + " have no JSON form", e);
        }
    }

    private static void check(FastConformerConfig config, Tokens tokens, Map<String, HostTensor> weights) {
        if (tokens.size() != config.vocabulary()) {
            throw new IllegalArgumentException(
                    "the network has " + config.vocabulary() + " tokens, " + tokens.size() + " are named");
        }
        FastConformerWeights.check(config, weights);
    }
}
