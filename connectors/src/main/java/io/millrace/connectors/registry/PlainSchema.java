package io.millrace.connectors.registry;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;

/** Schemas as they are published: what Java's code generator adds for itself is left out. */
final class PlainSchema {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Schema, String> TEXTS = new ConcurrentHashMap<>();

    private PlainSchema() {}

    /** The schema in JSON without {@code avro.java.string}. */
    static String text(Schema schema) {
        return TEXTS.computeIfAbsent(schema, PlainSchema::strip);
    }

    private static String strip(Schema schema) {
        try {
            JsonNode root = JSON.readTree(schema.toString());
            strip(root);
            return new Schema.Parser()
                    .setValidateDefaults(false)
                    .parse(JSON.writeValueAsString(root))
                    .toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro wrote a schema that is not JSON: " + schema.getFullName(), e);
        }
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("avro.java.string");
        }
        for (Iterator<JsonNode> children = node.elements(); children.hasNext(); ) {
            strip(children.next());
        }
    }
}
