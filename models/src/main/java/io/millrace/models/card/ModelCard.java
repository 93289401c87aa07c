package io.millrace.models.card;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import io.millrace.models.streaming.ModelId;

/**
 * What a model is and where it comes from: a JSON file {@code card.json} beside the weights.
 *
 * @param name name, the same over all versions
 * @param version version
 * @param architecture class of network, for instance {@code causal-flow-transformer}
 * @param config sizes of the network, as its configuration class writes them
 * @param trainingData what it was trained on, with the licence of that data
 * @param seed seed of the training
 * @param metrics figures by name, on the data that {@code trainingData} names for it
 * @param threshold calibrated probability from which a record is called an attack, 0..1
 * @param calibration calibration of the logit, as its class writes it; null for none
 * @param featureHash hash of the feature specification that inputs must follow; null if it takes raw inputs
 * @param weightsFile name of the weights file beside the card
 * @param weightsSha256 SHA-256 of that file in hexadecimal
 * @param command command that made the model
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelCard(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String version,
        @JsonProperty(required = true) String architecture,
        @JsonProperty(required = true) JsonNode config,
        TrainingData trainingData,
        long seed,
        Map<String, Double> metrics,
        double threshold,
        JsonNode calibration,
        String featureHash,
        @JsonProperty(required = true) String weightsFile,
        @JsonProperty(required = true) String weightsSha256,
        String command) {

    /** Name of the card's file. */
    public static final String FILE = "card.json";

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * Data that a model was trained on.
     *
     * @param description which files and rows
     * @param licence terms of the data
     */
    public record TrainingData(String description, String licence) {}

    public ModelCard {
        new ModelId(name, version);
        if (weightsFile == null
                || weightsFile.isBlank()
                || !Path.of(weightsFile).getFileName().toString().equals(weightsFile)) {
            throw new IllegalArgumentException("weightsFile must be a file name beside the card, got " + weightsFile);
        }
        if (weightsSha256 == null || !weightsSha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("weightsSha256 must be 64 hexadecimal digits, got " + weightsSha256);
        }
        metrics = metrics == null ? Map.of() : java.util.Collections.unmodifiableMap(new TreeMap<>(metrics));
    }

    /** Name and version. */
    public ModelId modelId() {
        return new ModelId(name, version);
    }

    /** The configuration as an object of its class. */
    public <T> T configAs(Class<T> type) {
        try {
            return JSON.treeToValue(config, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "card of " + modelId() + ": config is not a " + type.getSimpleName() + ": "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    /** A configuration object as JSON, for {@link #config()}. */
    public static JsonNode toJson(Object config) {
        try {
            return JSON.readTree(JSON.writeValueAsString(config));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(config.getClass() + " has no JSON form", e);
        }
    }

    /** Writes {@code card.json} into a folder. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(this) + "\n");
    }

    /**
     * Reads {@code card.json} of a folder.
     *
     * @throws IOException if there is no readable card
     * @throws IllegalArgumentException if the card lacks something; the message names the file and the field
     */
    public static ModelCard read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new java.nio.file.NoSuchFileException(file.toString(), null, "no model card");
        }
        try {
            return JSON.readValue(Files.readString(file), ModelCard.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads the weights that this card names, if they are the ones it was written for.
     *
     * @param folder folder of the card
     * @throws IllegalArgumentException if the file's SHA-256 is another, or it is no weights file
     */
    public Map<String, HostTensor> readWeights(Path folder) throws IOException {
        Path file = folder.resolve(weightsFile);
        String found = sha256(file);
        if (!found.equals(weightsSha256)) {
            throw new IllegalArgumentException(file + " is not the weights file of " + modelId() + ": SHA-256 is "
                    + found + ", the card says " + weightsSha256);
        }
        return Safetensors.read(file);
    }

    /** SHA-256 of bytes in hexadecimal. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256 of a file in hexadecimal. */
    public static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
