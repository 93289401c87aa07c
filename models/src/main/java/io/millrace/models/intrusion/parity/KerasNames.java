package io.millrace.models.intrusion.parity;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.millrace.models.checkpoint.HostTensor;

/**
 * Names that Keras numbers by itself ({@code dense_7}) brought to numbers that start with each parent: the counter runs
 * over a whole process, so the same network may bear other numbers.
 */
final class KerasNames {

    private static final Pattern NUMBERED = Pattern.compile(
            "(transformer_decoder_block|multi_head_attention|layer_normalization|sequential|dense|embedding)(?:_(\\d+))?");

    private final Map<String, String> renamed = new HashMap<>();

    KerasNames(Iterable<String> paths) {
        Map<String, TreeSet<String>> siblings = new HashMap<>();
        for (String path : paths) {
            String[] parts = path.split("/");
            String parent = "";
            for (String part : parts) {
                Matcher matcher = NUMBERED.matcher(part);
                if (matcher.matches()) {
                    siblings.computeIfAbsent(
                                    parent + "|" + matcher.group(1),
                                    key -> new TreeSet<>(Comparator.comparingInt(KerasNames::number)))
                            .add(part);
                }
                parent += part + "/";
            }
        }
        siblings.forEach((key, names) -> {
            String parent = key.substring(0, key.indexOf('|'));
            String base = key.substring(key.indexOf('|') + 1);
            int rank = 0;
            for (String name : List.copyOf(names)) {
                renamed.put(parent + name, rank == 0 ? base : base + "_" + rank);
                rank++;
            }
        });
    }

    private static int number(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        return matcher.matches() && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : 0;
    }

    /** A path with its own numbers. */
    String canonical(String path) {
        StringBuilder result = new StringBuilder();
        String parent = "";
        for (String part : path.split("/")) {
            result.append(result.isEmpty() ? "" : "/").append(renamed.getOrDefault(parent + part, part));
            parent += part + "/";
        }
        return result.toString();
    }

    Map<String, HostTensor> canonical(Map<String, HostTensor> tensors) {
        Map<String, HostTensor> result = new HashMap<>();
        tensors.forEach((name, tensor) -> result.put(canonical(name), tensor));
        return result;
    }
}
