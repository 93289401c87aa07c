package io.millrace.models.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The weights of a TensorFlow.js model: a JSON file whose {@code weightsManifest} names tensors in the order in which they
 * lie, little-endian, in the files beside it. Its graph is not read.
 */
public final class TfjsWeights {

    private static final long MOST_BYTES = 2L << 30;

    private TfjsWeights() {}

    /**
     * Reads the tensors.
     *
     * @return by name: float32, float16 (where they were stored as halves) and int32; shapes and orders of axes as they
     *     stand
     * @throws IOException if a file cannot be read or ends too soon
     * @throws IllegalArgumentException if the JSON is no such manifest, or a tensor is stored in another way, which is named
     */
    public static Map<String, HostTensor> read(Path json) throws IOException {
        JsonNode manifest;
        try {
            manifest = new ObjectMapper().readTree(Files.readString(json)).path("weightsManifest");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json + " is no JSON: " + e.getOriginalMessage(), e);
        }
        if (!manifest.isArray() || manifest.isEmpty()) {
            throw new IllegalArgumentException(json + " has no weightsManifest");
        }
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (JsonNode group : manifest) {
            ByteBuffer bytes = bytes(json, group.path("paths"));
            for (JsonNode weight : group.path("weights")) {
                String name = weight.path("name").asText();
                tensors.put(name, tensor(json, name, weight, bytes));
            }
        }
        return tensors;
    }

    private static ByteBuffer bytes(Path json, JsonNode paths) throws IOException {
        long size = 0;
        for (JsonNode path : paths) {
            size += Files.size(beside(json, path.asText()));
        }
        if (size > MOST_BYTES) {
            throw new IllegalArgumentException(json + ": weights of " + size + " bytes, at most " + MOST_BYTES);
        }
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode path : paths) {
            try (FileChannel channel = FileChannel.open(beside(json, path.asText()), StandardOpenOption.READ)) {
                while (all.hasRemaining() && channel.read(all) >= 0) {
                    continue;
                }
            }
        }
        return all.flip();
    }

    private static Path beside(Path json, String name) {
        Path file = Path.of(name);
        if (file.getNameCount() != 1 || file.isAbsolute()) {
            throw new IllegalArgumentException(json + ": weights must lie beside it, got " + name);
        }
        return json.resolveSibling(name);
    }

    private static HostTensor tensor(Path json, String name, JsonNode weight, ByteBuffer bytes) throws IOException {
        long[] shape = new long[weight.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = weight.path("shape").get(i).asLong(-1);
            if (shape[i] < 0) {
                throw new IllegalArgumentException(json + ": " + name + " has no shape");
            }
        }
        DataType type = type(json, name, weight);
        long length = Math.multiplyExact(new Shape(shape).size(), (long) type.getNumOfBytes());
        if (length > bytes.remaining()) {
            throw new EOFException(json + ": the weights end before " + name);
        }
        ByteBuffer own = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return new HostTensor(type, shape, own);
    }

    private static DataType type(Path json, String name, JsonNode weight) {
        String type = weight.path("dtype").asText();
        String stored = weight.path("quantization").path("dtype").asText(type);
        if (type.equals("float32") && stored.equals("float32")) {
            return DataType.FLOAT32;
        }
        if (type.equals("float32") && stored.equals("float16")) {
            return DataType.FLOAT16;
        }
        if (type.equals("int32") && stored.equals("int32")) {
            return DataType.INT32;
        }
        throw new IllegalArgumentException(json + ": " + name + " is " + type + " stored as " + stored
                + "; float32, float32 stored as float16 and int32 are read");
    }
}
