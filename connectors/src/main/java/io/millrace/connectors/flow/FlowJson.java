package io.millrace.connectors.flow;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.schemas.FlowFormat;
import io.millrace.schemas.FlowRecord;
import org.apache.avro.Schema;

/**
 * The JSON form of a flow: one object on one line, its members named as the fields of the {@link FlowRecord} schema, in
 * the schema's order. Times are milliseconds since the epoch (numbers); a null field, one that is false and an
 * empty {@code attributes} map are left out; enumerations are written by name. This is what the decoding and collecting
 * commands print, and what the "core" training data consists of.
 *
 * <p>Reading takes members in any order, takes an absent or null member as the schema's default, and skips members that
 * the schema does not know, so that a file may carry more than this version understands. Thread-safe.
 */
public final class FlowJson {
    private static final JsonFactory JSON = JsonFactory.builder()
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true)
            .build()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

    private static final Schema SCHEMA = FlowRecord.getClassSchema();

    private FlowJson() {}

    /** The flow as one line of JSON, without a line end. */
    public static String toLine(FlowRecord flow) {
        StringWriter line = new StringWriter(512);
        try {
            write(flow, line);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be written", e);
        }
        return line.toString();
    }

    /** Writes the flow as one line of JSON, without a line end; neither flushes nor closes the writer. */
    public static void write(FlowRecord flow, Writer out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (Schema.Field field : SCHEMA.getFields()) {
                writeField(json, field.name(), flow.get(field.pos()));
            }
            json.writeEndObject();
        }
    }

    /**
     * Reads one line as {@link #toLine} writes it.
     *
     * @throws IllegalArgumentException if the line is no JSON object, a field has the wrong type or a field without a
     *     default is missing; the message names the field
     */
    public static FlowRecord fromLine(String line) {
        FlowRecord flow = new FlowRecord();
        flow.setSourceFormat(FlowFormat.UNKNOWN);
        flow.setAttributes(new LinkedHashMap<>());
        boolean[] seen = new boolean[SCHEMA.getFields().size()];
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                Schema.Field field = SCHEMA.getField(json.currentName());
                json.nextToken();
                if (field == null) {
                    json.skipChildren();
                } else if (json.currentToken() != JsonToken.VALUE_NULL) {
                    flow.put(field.pos(), readField(json, field));
                    seen[field.pos()] = true;
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IllegalArgumentException("not exactly one JSON object");
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be read", e);
        }
        for (Schema.Field field : SCHEMA.getFields()) {
            if (!seen[field.pos()] && !field.hasDefaultValue()) {
                throw new IllegalArgumentException("field '" + field.name() + "' is missing");
            }
        }
        return flow;
    }

    private static void writeField(JsonGenerator json, String name, Object value) throws IOException {
        if (value == null) {
            return;
        }
        if (value instanceof Instant time) {
            json.writeNumberField(name, time.toEpochMilli());
        } else if (value instanceof Integer number) {
            json.writeNumberField(name, number);
        } else if (value instanceof Long number) {
            json.writeNumberField(name, number);
        } else if (value instanceof Double number) {
            json.writeNumberField(name, number);
        } else if (value instanceof Boolean truth) {
            if (truth) {
                json.writeBooleanField(name, true);
            }
        } else if (value instanceof Map<?, ?> map) {
            if (!map.isEmpty()) {
                json.writeObjectFieldStart(name);
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeStringField(entry.getKey().toString(), String.valueOf(entry.getValue()));
                }
                json.writeEndObject();
            }
        } else {
            json.writeStringField(name, value.toString());
        }
    }

    private static Object readField(JsonParser json, Schema.Field field) throws IOException {
        Schema type = field.schema();
        if (type.isUnion()) {
            type = type.getTypes().get(1);
        }
        switch (type.getType()) {
            case STRING:
                return text(json, field);
            case ENUM:
                try {
                    return FlowFormat.valueOf(text(json, field));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("field '" + field.name() + "' has an unknown value", e);
                }
            case INT:
                require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, field, "a whole number");
                return json.getIntValue();
            case LONG:
                require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, field, "a whole number");
                long whole = json.getLongValue();
                return type.getLogicalType() == null ? (Object) whole : Instant.ofEpochMilli(whole);
            case DOUBLE:
                require(json.currentToken().isNumeric() && Double.isFinite(json.getDoubleValue()), field, "a number");
                return json.getDoubleValue();
            case BOOLEAN:
                require(json.currentToken().isBoolean(), field, "true or false");
                return json.getBooleanValue();
            case MAP:
                require(json.currentToken() == JsonToken.START_OBJECT, field, "an object of strings");
                Map<String, String> map = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String key = json.currentName();
                    json.nextToken();
                    map.put(key, text(json, field));
                }
                return map;
            default:
                throw new IllegalStateException("no JSON form for " + type);
        }
    }

    private static String text(JsonParser json, Schema.Field field) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_STRING, field, "text");
        return json.getText();
    }

    private static void require(boolean holds, Schema.Field field, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("field '" + field.name() + "' must be " + expected);
        }
    }
}
