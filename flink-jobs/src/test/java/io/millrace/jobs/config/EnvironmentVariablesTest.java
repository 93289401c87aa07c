package io.millrace.jobs.config;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EnvironmentVariablesTest {
    private static final Map<String, String> SET = Map.of("PASSWORD", "a: #$1\\'\"", "N", "3");

    private static String expand(String text) {
        return EnvironmentVariables.expand(text, SET::get);
    }

    @Test
    void aVariableIsPutInAsItIs() {
        assertThat(expand("user:${PASSWORD}!")).isEqualTo("user:a: #$1\\'\"!");
        assertThat(expand("${N}${N}")).isEqualTo("33");
    }

    @Test
    void whatIsNoVariableStays() {
        for (String text : new String[] {"$N", "${env:N}", "${}", "{N}", "100 $", ""}) {
            assertThat(expand(text)).isEqualTo(text);
        }
        assertThat(expand("$${N}")).isEqualTo("${N}");
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        assertThatThrownBy(() -> expand("${MISSING}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MISSING is not set");
    }

    @Test
    void configurationsHaveThemInTextsAndNumbersAlike() {
        String yaml = """
                kafka:
                  bootstrap: b:9092
                  properties: {sasl.jaas.config: 'x password="${PASSWORD}";'}
                registry: {url: 'http://r', properties: {basic.auth.user.info: 'u:${PASSWORD}'}}
                flink: {parallelism: '${N}'}
                """;
        JobConfiguration job = ConfigurationReader.parse(yaml, List.of(), SET::get);
        assertThat(job.kafka().properties())
                .containsEntry("sasl.jaas.config", "x password=\"" + SET.get("PASSWORD") + "\";");
        assertThat(job.registryConfig().basicAuth()).contains("u:" + SET.get("PASSWORD"));
        assertThat(job.flink().parallelism()).isEqualTo(3);
        assertThat(job.registryConfig().toString() + job).doesNotContain("#$1");
    }

    @Test
    void aConfigurationNamesTheKeyWhoseVariableIsNotSet() {
        assertThatThrownBy(() -> ConfigurationReader.parse(
                        "kafka:\n  bootstrap: ${KAFKA}\nregistry: {url: 'http://r'}\n", List.of(), SET::get))
                .hasMessageContaining("kafka.bootstrap")
                .hasMessageContaining("line 2")
                .hasMessageContaining("environment variable KAFKA");
    }
}
