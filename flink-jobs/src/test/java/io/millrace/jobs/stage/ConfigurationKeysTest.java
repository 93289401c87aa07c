package io.millrace.jobs.stage;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.schemas.RecordLimits;
import io.millrace.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Every key of every configuration: that the documentation has it, that its default is the one that the documentation
 * states, and that a value that does not fit is refused by name. A key is whatever a settings record has as a component,
 * so a new one fails here until it is documented.
 */
class ConfigurationKeysTest {

    private static final Path DOCUMENTATION = Path.of("..", "deploy", "docs", "configuration.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z0-9.-]+)` \\| (.+) \\| ([^|]*) \\|$");
    private static final String ANY_STAGE = "STAGE";

    /** Keys for which there is no default, or none of a stage's own. */
    private static final Set<String> REQUIRED = Set.of("kafka.bootstrap", "registry.url");

    /** A key, and the type of its values. */
    record Key(String path, Class<?> type) {
        @Override
        public String toString() {
            return path;
        }
    }

    static Stream<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (RecordComponent component : JobConfiguration.class.getRecordComponents()) {
            if (!component.getName().equals("stages")) {
                add(kebab(component.getName()), component.getType(), Set.of(), keys);
            }
        }
        for (Stage<?> stage : StageCatalogue.found().stages()) {
            List<String> roles = stage.topics().stream().map(Topic::role).toList();
            for (RecordComponent component : stage.configuration().getRecordComponents()) {
                String path = stage.name() + "." + kebab(component.getName());
                if (component.getName().equals("topics")) {
                    roles.forEach(role -> keys.add(new Key(path + "." + role, String.class)));
                } else {
                    add(path, component.getType(), refusedBy(stage), keys);
                }
            }
        }
        return keys.stream();
    }

    /** Keys that a stage shares with others, but does not have. */
    private static Set<String> refusedBy(Stage<?> stage) {
        return stage.name().equals("speech") ? Set.of("speech.inference.state-ttl") : Set.of();
    }

    private static void add(String path, Class<?> type, Set<String> left, List<Key> keys) {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                add(path + "." + kebab(component.getName()), component.getType(), left, keys);
            }
        } else if (!left.contains(path)) {
            keys.add(new Key(path, type));
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
    }

    /** Rows of the documentation: a key, and its default as it is written there. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        Set<String> heads = new HashSet<>(StageCatalogue.found().names());
        heads.add(ANY_STAGE);
        for (RecordComponent component : JobConfiguration.class.getRecordComponents()) {
            heads.add(kebab(component.getName()));
        }
        for (String line : Files.readAllLines(DOCUMENTATION)) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && heads.contains(row.group(1).split("\\.")[0])) {
                assertThat(rows.put(row.group(1), row.group(3)))
                        .as("a second row of " + row.group(1))
                        .isNull();
            }
        }
        return rows;
    }

    private static String rowOf(String key, Map<String, String> rows) {
        return rows.containsKey(key) ? key : key.replaceFirst("^[a-z]+\\.", ANY_STAGE + ".");
    }

    @Test
    void theDocumentationHasEveryKeyAndNoOther() throws IOException {
        Map<String, String> rows = documented();
        Set<String> used = new HashSet<>();
        List<String> missing = new ArrayList<>();
        keys().forEach(key -> {
            String row = rowOf(key.path(), rows);
            used.add(row);
            if (!rows.containsKey(row)) {
                missing.add(key.path());
            }
        });
        assertThat(missing).as("keys without a row in " + DOCUMENTATION).isEmpty();
        assertThat(rows.keySet())
                .as("rows of " + DOCUMENTATION + " that are no keys")
                .isEqualTo(used);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void theDefaultIsTheOneThatTheDocumentationStates(Key key) throws Exception {
        Map<String, String> rows = documented();
        String stated = rows.get(rowOf(key.path(), rows));
        String stage = key.path().split("\\.")[0];
        Matcher own = Pattern.compile("\\b" + stage + " `([^`]*)`").matcher(stated);
        Matcher first = Pattern.compile("^`([^`]*)`(?:[,;].*)?$").matcher(stated);
        String literal = own.find() ? own.group(1) : first.matches() ? first.group(1) : null;
        Map<String, Object> unset = effects(Map.of(), key);
        if (literal == null) {
            assertThat(REQUIRED.contains(key.path()))
                    .as("'required' is said of what is: " + stated)
                    .isEqualTo(stated.equals("required"));
            return;
        }
        assertThat(effects(Map.of(key.path(), literal), key))
                .as(key + ": as if it were set to " + literal)
                .isEqualTo(unset);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aValueOfAnotherKindIsRefusedByName(Key key) {
        boolean holdsSeveral = Map.class.isAssignableFrom(key.type()) || List.class.isAssignableFrom(key.type());
        Object wrong = holdsSeveral ? "3" : Map.of("x", "y");
        assertThatThrownBy(() -> read(Map.of(key.path(), wrong)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + key + "'")
                .hasMessageContaining("must be")
                .hasMessageNotContaining("java.");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aNumberThatMakesNoSenseIsRefusedByName(Key key) {
        if (!Number.class.isAssignableFrom(key.type())) {
            return;
        }
        String last = key.path().substring(key.path().lastIndexOf('.') + 1);
        assertThatThrownBy(() -> effects(Map.of(key.path(), "-7"), key))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(last)
                .hasMessageContaining("-7");
    }

    /** A configuration with what is needed and these keys. */
    private static JobConfiguration read(Map<String, Object> set) {
        Map<String, Object> flat = new TreeMap<>(Map.of("kafka.bootstrap", "b:1", "registry.url", "http://r"));
        flat.putAll(set);
        Map<String, Object> nested = new LinkedHashMap<>();
        flat.forEach((path, value) -> put(nested, path, value));
        return ConfigurationReader.parse(yaml(nested), StageCatalogue.found().sections());
    }

    @SuppressWarnings("unchecked")
    private static void put(Map<String, Object> into, String path, Object value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            into.put(path, value);
        } else {
            Object inner = into.computeIfAbsent(path.substring(0, dot), none -> new LinkedHashMap<String, Object>());
            put((Map<String, Object>) inner, path.substring(dot + 1), value);
        }
    }

    private static String yaml(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, inner) -> entries.add(key + ": " + yaml(inner)));
            return "{" + String.join(", ", entries) + "}";
        }
        return String.valueOf(value).isEmpty() ? "''" : "'" + value + "'";
    }

    /** What a configuration comes to: every setting that the job takes from it, defaults filled in. */
    private static Map<String, Object> effects(Map<String, Object> set, Key key) throws Exception {
        JobConfiguration job = read(set);
        Map<String, Object> effects = new TreeMap<>();
        String head = key.path().split("\\.")[0];
        if (StageCatalogue.found().named(head).isPresent()) {
            collect(stage(job, head), effects);
            StageCatalogue.found()
                    .named(head)
                    .get()
                    .topics()
                    .forEach(topic -> effects.put(
                            "topic " + topic.role(),
                            stage(job, head).topics().getOrDefault(topic.role(), topic.name())));
        } else {
            collect(job.kafka(), effects);
            effects.put("limits", job.kafka().limits(RecordLimits.USUAL));
            collect(job.registry(), effects);
            collect(job.flink(), effects);
            effects.put("delivery", job.delivery());
            effects.put("name", String.valueOf(job.name()));
        }
        return effects;
    }

    private static StageConfiguration stage(JobConfiguration job, String name) {
        return job.of(StageCatalogue.found().named(name).orElseThrow().section());
    }

    /** What methods without parameters give, but for components that are kept as they were given. */
    private static void collect(Object settings, Map<String, Object> effects) throws Exception {
        Set<String> raw = new HashSet<>(
                Set.of("topics", "inference", "alerts", "beam", "phraseBoost", "recordLimit", "textLimit", "hashCode"));
        for (Method method : settings.getClass().getDeclaredMethods()) {
            boolean plain = Modifier.isPublic(method.getModifiers())
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getParameterCount() == 0
                    && !raw.contains(method.getName())
                    && !method.getName().equals("toString");
            if (plain) {
                effects.put(
                        settings.getClass().getSimpleName() + "." + method.getName(),
                        String.valueOf(method.invoke(settings)));
            }
        }
    }
}
