package io.millrace.jobs.cli;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.FallbackKey;

/** The keys of Flink's options, from the option classes on the class path. */
final class FlinkKeys {
    private static final Pattern OPTION_CLASS = Pattern.compile("org/apache/flink/[\\w/]+Options\\.class");

    /** Beginnings of keys that are made up by whoever uses them, or read by plugins. */
    private static final List<String> OPEN = List.of(
            "metrics.",
            "traces.",
            "events.",
            "external-resource.",
            "env.",
            "containerized.",
            "s3.",
            "s3a.",
            "presto.",
            "fs.",
            "hive.",
            "kubernetes.",
            "security.",
            "high-availability.",
            "zookeeper.",
            "pipeline.global-job-parameters",
            "jobmanager.failure-enricher",
            "restart-strategy.",
            "$internal.");

    private FlinkKeys() {}

    /** Those of these keys that no option of Flink has. */
    static List<String> unknown(Collection<String> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        Set<String> known = known();
        return known.isEmpty()
                ? List.of()
                : keys.stream()
                        .filter(key -> !known.contains(key) && OPEN.stream().noneMatch(key::startsWith))
                        .sorted()
                        .toList();
    }

    private static Set<String> known() {
        Set<String> known = new HashSet<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            if (entry.endsWith(".jar") && new File(entry).getName().startsWith("flink-")) {
                collect(new File(entry), known);
            }
        }
        return known;
    }

    private static void collect(File jar, Set<String> known) {
        try (JarFile file = new JarFile(jar)) {
            file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> OPTION_CLASS.matcher(name).matches())
                    .forEach(name ->
                            collect(name.replace('/', '.').substring(0, name.length() - ".class".length()), known));
        } catch (IOException unreadable) {
            // then its keys are taken for unknown, which is only told
        }
    }

    private static void collect(String className, Set<String> known) {
        try {
            for (Field field : Class.forName(className).getFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof ConfigOption<?> option) {
                    known.add(option.key());
                    for (FallbackKey other : option.fallbackKeys()) {
                        known.add(other.getKey());
                    }
                }
            }
        } catch (ReflectiveOperationException | LinkageError notUsable) {
            // options of a part that is not on the class path
        }
    }
}
