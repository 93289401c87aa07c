package io.millrace.models.card;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.Safetensors;
import org.apiguardian.api.API;

/**
 * A model of any stage as it lies in a directory, or in the build: {@code card.json}, {@code weights.safetensors} and what
 * else its stage needs. Each file is held against the hash that the card gives when it is read.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelFolder {

    /** File of the card. */
    public static final String CARD = "card.json";

    /** File of the weights. */
    public static final String WEIGHTS = "weights.safetensors";

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Where the files of a model lie. */
    private interface Place {

        /** The bytes of a file; null if there is none. */
        byte[] bytes(String file) throws IOException;

        Map<String, HostTensor> weights(String sha256) throws IOException;
    }

    private final String origin;
    private final Place place;
    private final ModelCard card;
    private final String digest;

    private ModelFolder(String origin, Place place) throws IOException {
        this.origin = origin;
        this.place = place;
        byte[] text = place.bytes(CARD);
        if (text == null) {
            throw missing(CARD);
        }
        try {
            this.card = JSON.readValue(text, ModelCard.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(origin + ": " + CARD + ": " + e.getOriginalMessage(), e);
        }
        this.digest = Sha256.of(text);
    }

    /**
     * Reads the card of a directory.
     *
     * @throws IOException if there is none, or it cannot be read
     * @throws IllegalArgumentException if the card lacks something; the message names file and field
     */
    public static ModelFolder read(Path directory) throws IOException {
        return new ModelFolder(directory.toString(), new Place() {
            @Override
            public byte[] bytes(String file) throws IOException {
                Path path = directory.resolve(file);
                return Files.isRegularFile(path) ? Files.readAllBytes(path) : null;
            }

            @Override
            public Map<String, HostTensor> weights(String sha256) throws IOException {
                Path path = directory.resolve(WEIGHTS);
                if (!Files.isRegularFile(path)) {
                    return null;
                }
                check(directory.toString(), WEIGHTS, Sha256.of(path), sha256);
                return Safetensors.read(path);
            }
        });
    }

    /**
     * Reads the card of a model that is part of the build.
     *
     * @param beside a class of the module that carries the model
     * @param folder folder of resources, absolute, for instance {@code /io/millrace/models/speech/default}
     * @throws IOException if this build carries no such model
     */
    public static ModelFolder shipped(Class<?> beside, String folder) throws IOException {
        String origin = "the default model in " + folder;
        return new ModelFolder(origin, new Place() {
            @Override
            public byte[] bytes(String file) throws IOException {
                try (InputStream stream = beside.getResourceAsStream(folder + "/" + file)) {
                    return stream == null ? null : stream.readAllBytes();
                }
            }

            @Override
            public Map<String, HostTensor> weights(String sha256) throws IOException {
                byte[] bytes = bytes(WEIGHTS);
                if (bytes == null) {
                    return null;
                }
                check(origin, WEIGHTS, Sha256.of(bytes), sha256);
                return Safetensors.parse(ByteBuffer.wrap(bytes));
            }
        });
    }

    /**
     * Writes a model; files of an earlier one are replaced, its card last.
     *
     * @param card what the model is
     * @param weights its weights
     * @param others what lies beside them, by file name
     */
    public static ModelCard write(
            Path directory, ModelCard.Draft card, Map<String, HostTensor> weights, Map<String, byte[]> others)
            throws IOException {
        Files.createDirectories(directory);
        Map<String, String> files = new TreeMap<>();
        Safetensors.write(directory.resolve(WEIGHTS), weights);
        files.put(WEIGHTS, Sha256.of(directory.resolve(WEIGHTS)));
        for (Map.Entry<String, byte[]> other : others.entrySet()) {
            Files.write(directory.resolve(other.getKey()), other.getValue());
            files.put(other.getKey(), Sha256.of(other.getValue()));
        }
        ModelCard complete = card.with(files);
        Files.writeString(directory.resolve(CARD), JSON.writeValueAsString(complete) + "\n");
        return complete;
    }

    private IOException missing(String file) {
        return new IOException(origin + " is no model directory: " + file + " is missing");
    }

    private static void check(String origin, String file, String found, String expected) throws IOException {
        if (!found.equals(expected)) {
            throw new IOException(origin + ": " + file + " is not the file that the card was written for (SHA-256 "
                    + found + ", card says " + expected + ")");
        }
    }

    /** What the model is. */
    public ModelCard card() {
        return card;
    }

    /** The card, if the model is of a kind. */
    public ModelCard card(String architecture) {
        if (!architecture.equals(card.architecture())) {
            throw new IllegalArgumentException(
                    origin + " holds a model of kind " + card.architecture() + ", not " + architecture);
        }
        return card;
    }

    /** SHA-256 of the card, which holds the hashes of all other files: it tells this model from every other. */
    public String digest() {
        return digest;
    }

    /**
     * A file beside the card.
     *
     * @throws IOException if it is missing, or not the one that the card was written for
     */
    public byte[] file(String name) throws IOException {
        byte[] bytes = place.bytes(name);
        if (bytes == null) {
            throw missing(name);
        }
        check(origin, name, Sha256.of(bytes), card.files().get(name));
        return bytes;
    }

    /**
     * A file beside the card, which holds an object as JSON.
     *
     * @throws IllegalArgumentException if it does not
     */
    public <T> T json(String name, Class<T> type) throws IOException {
        byte[] bytes = file(name);
        try {
            return JSON.readValue(bytes, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(origin + ": " + name + ": " + e.getOriginalMessage(), e);
        }
    }

    /** An object as a file beside the card. */
    public static byte[] json(Object object) throws IOException {
        return (JSON.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The weights by name.
     *
     * @throws IOException if they are missing, or not those that the card was written for
     */
    public Map<String, HostTensor> weights() throws IOException {
        Map<String, HostTensor> weights = place.weights(card.weightsSha256());
        if (weights == null) {
            throw missing(WEIGHTS);
        }
        return weights;
    }
}
