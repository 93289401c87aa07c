package io.millrace.models.card;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.models.streaming.ModelId;
import org.apiguardian.api.API;

/**
 * What a model of any stage is and where it comes from: the file {@code card.json} of its {@link ModelFolder}.
 *
 * @param name name, the same over all versions
 * @param version version
 * @param description one sentence
 * @param architecture kind of network, for instance {@code causal-flow-transformer}
 * @param network sizes of the network, as its configuration class writes them
 * @param decision what makes answers of the network's outputs (thresholds, calibration, names of classes), as a class of
 *     the stage writes it; null where nothing does
 * @param files SHA-256 in hexadecimal of each file of the folder but the card
 * @param training how it was made
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelCard(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String version,
        String description,
        @JsonProperty(required = true) String architecture,
        @JsonProperty(required = true) JsonNode network,
        JsonNode decision,
        @JsonProperty(required = true) Map<String, String> files,
        Training training) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How a model was made.
     *
     * @param command command that made it
     * @param seed seed of the training
     * @param data what it learnt from
     * @param options options of the training, as their class writes them; null where it was not trained here
     * @param metrics figures on validation data; null for none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Training(String command, long seed, Data data, JsonNode options, JsonNode metrics) {}

    /**
     * Data that a model was trained on.
     *
     * @param description which files and records
     * @param licence terms of the data, and of what may be done with the weights
     * @param files facts of each file, such as name, SHA-256 and rows
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Data(String description, String licence, List<Map<String, Object>> files) {}

    public ModelCard {
        new ModelId(name, version);
        files = Collections.unmodifiableMap(new TreeMap<>(files));
        files.forEach((file, sha256) -> {
            if (file.isBlank() || !Path.of(file).getFileName().toString().equals(file)) {
                throw new IllegalArgumentException("files must lie beside the card, got " + file);
            }
            if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(
                        "the SHA-256 of " + file + " must be 64 hexadecimal digits, got " + sha256);
            }
        });
    }

    /**
     * A model that is about to be written: {@link ModelFolder#write} adds its files.
     *
     * @param version version; empty for the beginning of the hash of the weights
     * @param network sizes of the network
     * @param decision what makes answers of outputs; null for nothing
     */
    public static Draft draft(
            String name,
            String version,
            String description,
            String architecture,
            Object network,
            Object decision,
            Training training) {
        return new Draft(name, version, description, architecture, json(network), json(decision), training);
    }

    /** A card before its files are written. */
    public record Draft(
            String name,
            String version,
            String description,
            String architecture,
            JsonNode network,
            JsonNode decision,
            Training training) {

        ModelCard with(Map<String, String> files) {
            String given = version.isEmpty() ? files.get(ModelFolder.WEIGHTS).substring(0, 12) : version;
            return new ModelCard(name, given, description, architecture, network, decision, files, training);
        }
    }

    /** Name and version. */
    @JsonIgnore
    public ModelId id() {
        return new ModelId(name, version);
    }

    /** SHA-256 of the weights in hexadecimal. */
    @JsonIgnore
    public String weightsSha256() {
        return files.get(ModelFolder.WEIGHTS);
    }

    /**
     * The sizes of the network as an object of their class.
     *
     * @throws IllegalArgumentException if they are none
     */
    public <T> T networkAs(Class<T> type) {
        return as(network, type, "network");
    }

    /**
     * What makes answers of outputs, as an object of its class.
     *
     * @throws IllegalArgumentException if it is none
     */
    public <T> T decisionAs(Class<T> type) {
        if (decision == null) {
            throw new IllegalArgumentException("card of " + id() + ": decision is missing");
        }
        return as(decision, type, "decision");
    }

    private <T> T as(JsonNode node, Class<T> type, String part) {
        try {
            return JSON.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "card of " + id() + ": " + part + " is no " + type.getSimpleName() + ": " + e.getOriginalMessage(),
                    e);
        }
    }

    /** An object as JSON, for a card; null for null. */
    public static JsonNode json(Object object) {
        // By way of text, as it will be read: a node may hold numbers that a file cannot tell from others.
        try {
            return object == null ? null : JSON.readTree(JSON.writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(object.getClass() + " has no JSON form", e);
        }
    }
}
