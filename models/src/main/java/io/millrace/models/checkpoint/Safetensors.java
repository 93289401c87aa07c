package io.millrace.models.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Named tensors in the safetensors format: eight bytes of header length, a JSON header, the elements. The reader is
 * strict: tensors cover the data without gap or overlap, sizes fit types and shapes, names occur once.
 */
public final class Safetensors {

    private static final int MAX_HEADER = 100_000_000;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Map<String, DataType> TYPES = Map.of(
            "F64", DataType.FLOAT64,
            "F32", DataType.FLOAT32,
            "F16", DataType.FLOAT16,
            "BF16", DataType.BFLOAT16,
            "I64", DataType.INT64,
            "I32", DataType.INT32,
            "I8", DataType.INT8,
            "U8", DataType.UINT8,
            "BOOL", DataType.BOOLEAN);

    private Safetensors() {}

    /**
     * Reads a file.
     *
     * @return tensors by name, ordered by their place in the file
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is not a well-formed safetensors file; the message names file and reason
     */
    public static Map<String, HostTensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(file + ": larger than 2 GiB");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until the file is in
            }
            return parse(bytes.flip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #read}, from memory. */
    public static Map<String, HostTensor> parse(ByteBuffer source) {
        ByteBuffer bytes = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        require(bytes.remaining() >= 8, "shorter than a header");
        long length = bytes.getLong();
        require(length > 0 && length <= MAX_HEADER && length <= bytes.remaining(), "header length " + length);
        JsonNode header = header(bytes.slice(8, (int) length));
        ByteBuffer data = bytes.slice(8 + (int) length, bytes.limit() - 8 - (int) length);

        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        long end = 0;
        for (Entry entry : entries(header)) {
            require(entry.begin == end, "tensor " + entry.name + " starts at " + entry.begin + ", expected " + end);
            require(entry.end >= entry.begin && entry.end <= data.limit(), "tensor " + entry.name + " ends outside");
            try {
                tensors.put(entry.name, new HostTensor(entry.type, entry.shape, data.slice((int) entry.begin, (int)
                        (entry.end - entry.begin))));
            } catch (ArithmeticException | IllegalArgumentException e) {
                throw new IllegalArgumentException("tensor " + entry.name + ": " + e.getMessage(), e);
            }
            end = entry.end;
        }
        require(end == data.limit(), (data.limit() - end) + " bytes after the last tensor");
        return tensors;
    }

    private static JsonNode header(ByteBuffer bytes) {
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        try {
            JsonNode header = JSON.readTree(text);
            require(text[0] == '{' && header.isObject(), "header is not a JSON object");
            return header;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("header is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("header is not JSON: " + e.getMessage(), e);
        }
    }

    private record Entry(String name, DataType type, long[] shape, long begin, long end) {}

    private static List<Entry> entries(JsonNode header) {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals("__metadata__")) {
                continue;
            }
            String name = field.getKey();
            DataType type = TYPES.get(field.getValue().path("dtype").asText());
            require(
                    type != null,
                    "tensor " + name + " has an unknown type "
                            + field.getValue().path("dtype"));
            long[] shape = numbers(name, field.getValue().path("shape"));
            long[] offsets = numbers(name, field.getValue().path("data_offsets"));
            require(offsets.length == 2, "tensor " + name + " needs two offsets");
            entries.add(new Entry(name, type, shape, offsets[0], offsets[1]));
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return entries;
    }

    private static long[] numbers(String name, JsonNode node) {
        require(node.isArray() && node.size() <= 16, "tensor " + name + " lacks shape or offsets");
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length; i++) {
            require(
                    node.get(i).isIntegralNumber()
                            && node.get(i).canConvertToLong()
                            && node.get(i).asLong() >= 0,
                    "tensor " + name + " has a size " + node.get(i));
            values[i] = node.get(i).asLong();
        }
        return values;
    }

    /**
     * Writes a file, the same bytes for the same tensors: names in order, header padded to eight bytes.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Map<String, HostTensor> tensors) throws IOException {
        Files.write(file, encode(tensors));
    }

    /** As {@link #write}, to memory. */
    public static byte[] encode(Map<String, HostTensor> tensors) {
        Map<String, HostTensor> ordered = new TreeMap<>(tensors);
        ObjectNode header = JSON.createObjectNode();
        long offset = 0;
        for (Map.Entry<String, HostTensor> tensor : ordered.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", typeName(tensor.getValue().type()));
            Arrays.stream(tensor.getValue().shape()).forEach(entry.putArray("shape")::add);
            long end = offset + tensor.getValue().data().remaining();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 7) / 8 * 8;
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(8L + padded + offset)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(text);
        while (bytes.position() < 8 + padded) {
            bytes.put((byte) ' ');
        }
        ordered.values().forEach(tensor -> bytes.put(tensor.data()));
        return bytes.array();
    }

    private static String typeName(DataType type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("safetensors has no type " + type));
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("not a safetensors file: " + reason);
        }
    }

    /** Tensors whose names start with a prefix and a slash, without them. */
    public static Map<String, HostTensor> below(String prefix, Map<String, HostTensor> tensors) {
        Map<String, HostTensor> found = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix + "/")) {
                found.put(name.substring(prefix.length() + 1), tensor);
            }
        });
        return Collections.unmodifiableMap(found);
    }
}
