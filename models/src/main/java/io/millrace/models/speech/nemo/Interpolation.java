package io.millrace.models.speech.nemo;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * Replaces OmegaConf's {@code ${a.b.c}} and {@code ${a.b[0]}} by what stands at that place of the document. A value that
 * is one reference takes over the target's type; within a text the target must be a plain value. Resolvers such as
 * {@code ${oc.env:HOME}} are not run: they count as unresolved.
 */
final class Interpolation {

    private static final Pattern INNERMOST = Pattern.compile("\\$\\{([^${}]*)}");
    private static final int MAX_CHAIN = 64;

    private final JsonNode root;
    private final Set<String> open = new LinkedHashSet<>();
    private long budget = 4 << 20;

    private Interpolation(JsonNode root) {
        this.root = root;
    }

    /**
     * A copy of the document without references.
     *
     * @throws IllegalArgumentException naming a reference that leads nowhere or to itself
     */
    static JsonNode resolve(JsonNode root) {
        return new Interpolation(root).resolve(root, "");
    }

    private JsonNode resolve(JsonNode node, String path) {
        spend(1, path);
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                copy.set(field.getKey(), resolve(field.getValue(), join(path, field.getKey())));
            }
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < node.size(); i++) {
                copy.add(resolve(node.get(i), join(path, Integer.toString(i))));
            }
            return copy;
        }
        return node.isTextual() ? expand(node, path) : node;
    }

    private JsonNode expand(JsonNode node, String path) {
        String text = node.textValue();
        Matcher reference = INNERMOST.matcher(text);
        while (reference.find()) {
            JsonNode target = target(reference.group(1).strip(), path);
            if (reference.start() == 0 && reference.end() == text.length()) {
                return target;
            }
            require(target.isValueNode(), reference.group() + " at " + path + " is no plain value");
            text = text.substring(0, reference.start()) + target.asText() + text.substring(reference.end());
            spend(text.length(), path);
            reference = INNERMOST.matcher(text);
        }
        require(!text.contains("${"), "unresolved " + text + " at " + path);
        return TextNode.valueOf(text);
    }

    private JsonNode target(String reference, String path) {
        require(!open.contains(reference), "${" + reference + "} at " + path + " leads back to itself");
        require(open.size() < MAX_CHAIN, "more than " + MAX_CHAIN + " references in a row at " + path);
        JsonNode found = find(reference);
        if (found.isMissingNode() && reference.startsWith("model.")) {
            // A training configuration keeps under "model" what the archive's configuration is.
            found = find(reference.substring("model.".length()));
        }
        require(!found.isMissingNode(), "unresolved ${" + reference + "} at " + path);
        open.add(reference);
        JsonNode resolved = resolve(found, reference);
        open.remove(reference);
        return resolved;
    }

    private JsonNode find(String reference) {
        JsonNode node = root;
        for (String key : reference.replace("[", ".").replace("]", "").split("\\.", -1)) {
            node = node.isArray() && key.matches("[0-9]{1,9}") ? node.path(Integer.parseInt(key)) : node.path(key);
        }
        return node;
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void spend(int amount, String path) {
        budget -= amount;
        require(budget >= 0, "references blow the configuration up, at " + path);
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("configuration: " + reason);
        }
    }
}
