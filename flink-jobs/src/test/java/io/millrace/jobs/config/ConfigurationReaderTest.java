package io.millrace.jobs.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConfigurationReaderTest {
    private static final String LEAST = "kafka: {bootstrap: 'b:9092'}\nregistry: {url: 'http://r'}\n";

    /** Settings with a value of every type that settings have. */
    record Kinds(
            Integer whole,
            Double broken,
            Boolean yes,
            String text,
            Duration time,
            List<String> list,
            Map<String, String> topics,
            StartFrom choice,
            InferenceConfiguration inference)
            implements StageConfiguration {
        Kinds {
            topics = topics == null ? Map.of() : Map.copyOf(topics);
            if (whole != null && whole < 0) {
                throw new ConfigurationException("kinds.whole must not be negative, got " + whole);
            }
        }
    }

    private static final ConfigurationSection<Kinds> KINDS =
            new ConfigurationSection<>("kinds", Kinds.class, Set.of("flows", "alerts"));

    private static JobConfiguration parse(String yaml) {
        return ConfigurationReader.parse(yaml, List.of(KINDS));
    }

    private static Kinds kinds(String section) {
        return parse(LEAST + "kinds: " + section + "\n").of(KINDS);
    }

    @Test
    void everyTypeIsRead() {
        assertThat(kinds("{whole: 3, broken: 0.5, yes: true, text: x, time: 90s, list: [a, b], topics: {flows: f},"
                        + " choice: latest}"))
                .isEqualTo(new Kinds(
                        3,
                        0.5,
                        true,
                        "x",
                        Duration.ofSeconds(90),
                        List.of("a", "b"),
                        Map.of("flows", "f"),
                        StartFrom.LATEST,
                        null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{whole: 1x} | 'kinds.whole' (line 3) must be a whole number, got '1x'",
                "{whole: [1]} | 'kinds.whole' (line 3) must be a whole number",
                "{broken: much} | 'kinds.broken' (line 3) must be a number, got 'much'",
                "{yes: perhaps} | 'kinds.yes' (line 3) must be true or false, got 'perhaps'",
                "{text: {a: b}} | 'kinds.text' (line 3) must be a text",
                "{time: [5m]} | 'kinds.time' (line 3) must be a time such as 500ms or 5m",
                "{list: {a: b}} | 'kinds.list' (line 3) must be a list",
                "{topics: [a]} | 'kinds.topics' (line 3) must be a mapping of keys to values",
                "{inference: 3} | 'kinds.inference' (line 3) must be a mapping of keys to values",
                "{choice: first} | 'kinds.choice' (line 3) must be EARLIEST or LATEST, got 'first'",
                "{choose: first} | unknown key 'kinds.choose' (line 3); known here: [broken, choice, inference, list, text, time, topics, whole, yes]",
                "{inference: {max-bach: 3}} | unknown key 'kinds.inference.max-bach' (line 3); known here: [capacity,",
                "{topics: {alert: x}} | unknown key 'kinds.topics.alert'; known here: [alerts, flows]",
                "{topics: {alerts: ' '}} | 'kinds.topics.alerts' must be the name of a topic",
                "{whole: -1} | kinds.whole must not be negative, got -1",
                "7 | 'kinds' (line 3) must be a mapping of keys to values",
            })
    void aValueThatDoesNotFitIsToldByKeyLineAndWhatWouldFit(String section, String message) {
        assertThatThrownBy(() -> kinds(section))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message.replace("''", "'"));
    }

    @Test
    void aTimeThatIsNoneIsToldByItsKey() {
        assertThatThrownBy(() -> kinds("{time: soon}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("'kinds.time' (line 3): 'soon' is no duration; write 500ms, 60s, 5m, 2h or 1d");
        assertThatThrownBy(() -> parse(LEAST + "flink: {checkpoint-interval: 999999999999d}\n"))
                .hasMessage("'flink.checkpoint-interval' (line 3): '999999999999d' is longer than 36500d");
    }

    @Test
    void aSectionThatIsLeftEmptyHasItsDefaults() {
        assertThat(parse(LEAST + "kinds:\nflink:\n").of(KINDS)).isEqualTo(ConfigurationReader.defaults(Kinds.class));
        assertThat(parse(LEAST + "flink:\n").flink()).isEqualTo(JobConfiguration.FlinkSettings.defaults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing yet\n", "---\n"})
    void anEmptyFileIsToldAsWhatItLacks(String empty) {
        assertThatThrownBy(() -> parse(empty))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("kafka.bootstrap is missing: give the brokers as host:port[,host:port]");
    }

    @Test
    void aListOrATextIsNoConfiguration() {
        assertThatThrownBy(() -> parse("[a, b]\n"))
                .hasMessageContaining("the configuration must be a mapping of keys to values");
    }

    @Test
    void brokersAndRegistryMustBeThere() {
        assertThatThrownBy(() -> parse("kafka: {bootstrap: ' '}\nregistry: {url: x}\n"))
                .hasMessage("kafka.bootstrap is missing: give the brokers as host:port[,host:port]");
        assertThatThrownBy(() -> parse("kafka: {bootstrap: 'b:1'}\n"))
                .hasMessage("registry.url is missing: give the schema registry's http(s) address");
        assertThatThrownBy(() -> parse("kafka: {bootstrap: 'b:1'}\nregistry: {}\n"))
                .hasMessage("registry.url is missing: give the schema registry's http(s) address");
    }

    @Test
    void aNameOfBlanksWouldShareItsStateWithOthers() {
        for (String blank : List.of("''", "'  '")) {
            assertThatThrownBy(() -> parse(LEAST + "name: " + blank + "\n"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("name must not be blank: leave it out for the stage's");
        }
    }

    @Test
    void aFileIsNamedInWhatIsWrongWithIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("job.yaml");
        assertThatThrownBy(() -> ConfigurationReader.read(file, List.of()))
                .hasMessage("configuration file " + file + " does not exist");
        assertThatThrownBy(() -> ConfigurationReader.read(folder, List.of()))
                .hasMessage("configuration file " + folder + " does not exist");
        Files.writeString(file, LEAST + "weather: {}\n");
        assertThatThrownBy(() -> ConfigurationReader.read(file, List.of()))
                .hasMessageStartingWith(file + ": unknown key 'weather' (line 3)");
        Files.write(file, new byte[] {'n', 'a', 'm', 'e', ':', ' ', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> ConfigurationReader.read(file, List.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("configuration file " + file + " cannot be read");
        Files.writeString(file, LEAST + "name: my-job\n");
        assertThat(ConfigurationReader.read(file, List.of()).name()).isEqualTo("my-job");
    }

    @Test
    void settingsOfAProgramMayHoldTimesAtAnyDepth() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("time", Duration.ofMillis(1234));
        values.put("inference", Map.of("max-wait", Duration.ofMillis(7), "max-batch", 9));
        Kinds made = ConfigurationReader.of(Kinds.class, values);
        assertThat(made.time()).isEqualTo(Duration.ofMillis(1234));
        assertThat(made.inference().maxWait()).isEqualTo(Duration.ofMillis(7));
        assertThat(made.inference().maxBatch()).isEqualTo(9);
    }

    @Test
    void settingsOfAProgramTakeNothingFromTheEnvironment() {
        assertThatThrownBy(() -> ConfigurationReader.of(Kinds.class, Map.of("text", "${PATH}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("environment variable PATH is not set");
    }
}
