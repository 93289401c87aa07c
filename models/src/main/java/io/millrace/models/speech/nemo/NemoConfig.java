package io.millrace.models.speech.nemo;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** The YAML of a {@code .nemo} archive as a JSON tree: plain values, lists and maps only, no tags that make objects. */
final class NemoConfig {

    static final int MAX_BYTES = 4 << 20;
    private static final int MAX_DEPTH = 50;
    private static final ObjectMapper JSON = new ObjectMapper();

    private int budget = 1 << 20;

    private NemoConfig() {}

    /**
     * Parses a configuration and resolves its references.
     *
     * @throws IllegalArgumentException if it is not such YAML; the message has the reason
     */
    static JsonNode parse(ByteBuffer bytes) {
        Object document;
        try {
            document = yaml().load(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.duplicate())
                    .toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("configuration: not UTF-8", e);
        } catch (YAMLException | ClassCastException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("configuration: not plain YAML: " + e.getMessage(), e);
        }
        if (!(document instanceof Map)) {
            throw new IllegalArgumentException("configuration: not a map of settings");
        }
        return Interpolation.resolve(new NemoConfig().convert(document, 0));
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        DumperOptions dumper = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options, new Scalars());
    }

    /** Counts nodes, for an alias used often makes a small text a large tree. */
    private JsonNode convert(Object value, int depth) {
        if (depth > MAX_DEPTH || --budget < 0) {
            throw new IllegalArgumentException("configuration: aliases blow it up");
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            map.forEach((key, item) -> node.set(key(key), convert(item, depth + 1)));
            return node;
        }
        if (value instanceof List<?> list) {
            ArrayNode node = JsonNodeFactory.instance.arrayNode();
            list.forEach(item -> node.add(convert(item, depth + 1)));
            return node;
        }
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return JSON.valueToTree(value);
        }
        throw new IllegalArgumentException(
                "configuration: holds a " + value.getClass().getSimpleName());
    }

    private static String key(Object key) {
        if (key == null || key instanceof String || key instanceof Number || key instanceof Boolean) {
            return String.valueOf(key);
        }
        throw new IllegalArgumentException("configuration: a key that is no plain value");
    }

    /** As OmegaConf reads scalars: 1e-5 is a number and a date is text. */
    private static final class Scalars extends Resolver {

        private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+]?[0-9]+)?"
                + "|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
                + "|[-+]?\\.[0-9][0-9_]*([eE][-+]?[0-9]+)?"
                + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, INT, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, NUMBER, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
