package io.millrace.connectors.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.connectors.registry.RegistryConfig.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RegistryConfigTest {

    @Test
    void defaultsAreAsTheDocumentationSays() {
        RegistryConfig config = RegistryConfig.at("http://r:1");
        assertThat(config.urls()).containsExactly("http://r:1");
        assertThat(config.registration()).isEqualTo(Registration.REGISTER);
        assertThat(config.basicAuth()).isEmpty();
        assertThat(config.bearerToken()).isEmpty();
        assertThat(config.tls()).isEmpty();
        assertThat(config.passThrough()).isEmpty();
        assertThat(config.cacheSize()).isEqualTo(1000);
        assertThat(config.unknownIdCache()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.readTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.backoffInitial()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.backoffMax()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.outageLimit()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void everyKeyIsRead() {
        RegistryConfig config = RegistryConfig.of(Map.ofEntries(
                Map.entry("url", "https://a:1, https://b:2"),
                Map.entry("registration", "lookup-only"),
                Map.entry("basic.auth.user.info", "user:pass"),
                Map.entry("ssl.truststore.location", "/trust"),
                Map.entry("ssl.truststore.password", "t"),
                Map.entry("client.proxy.host", "proxy"),
                Map.entry("cache.size", "5"),
                Map.entry("unknown.id.cache.ms", "6"),
                Map.entry("connect.timeout.ms", "7"),
                Map.entry("read.timeout.ms", "8"),
                Map.entry("backoff.initial.ms", "9"),
                Map.entry("backoff.max.ms", "10"),
                Map.entry("outage.limit.ms", "11")));
        assertThat(config.urls()).isEqualTo(List.of("https://a:1", "https://b:2"));
        assertThat(config.registration()).isEqualTo(Registration.LOOKUP_ONLY);
        assertThat(config.basicAuth()).contains("user:pass");
        assertThat(config.tls()).containsOnlyKeys("ssl.truststore.location", "ssl.truststore.password");
        assertThat(config.passThrough()).containsExactly(Map.entry("proxy.host", "proxy"));
        assertThat(config.cacheSize()).isEqualTo(5);
        assertThat(config.unknownIdCache()).isEqualTo(Duration.ofMillis(6));
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofMillis(7));
        assertThat(config.readTimeout()).isEqualTo(Duration.ofMillis(8));
        assertThat(config.backoffInitial()).isEqualTo(Duration.ofMillis(9));
        assertThat(config.backoffMax()).isEqualTo(Duration.ofMillis(10));
        assertThat(config.outageLimit()).isEqualTo(Duration.ofMillis(11));
        assertThat(RegistryConfig.at("http://r").with("bearer.auth.token", "t").bearerToken())
                .contains("t");
    }

    @ParameterizedTest
    @CsvSource({
        "url,ftp://r,http",
        "url,'',missing",
        "colour,red,colour",
        "registration,perhaps,lookup-only",
        "cache.size,many,whole number",
        "read.timeout.ms,0,positive",
        "backoff.initial.ms,20000,exceeds",
        "basic.auth.user.info,nobody,user:password"
    })
    void aWrongSettingIsRefusedByName(String key, String value, String reason) {
        RegistryConfig good = RegistryConfig.at("http://r");
        assertThatThrownBy(() -> good.with(key, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(reason);
    }

    @Test
    void twoWaysOfLoggingInAreRefused() {
        RegistryConfig basic = RegistryConfig.at("http://r").with("basic.auth.user.info", "u:p");
        assertThatThrownBy(() -> basic.with("bearer.auth.token", "t")).hasMessageContaining("exclude");
    }

    @Test
    void itTravelsInTheClientsPropertiesAndKeepsItsSecretsToItself() {
        RegistryConfig config = RegistryConfig.at("http://r")
                .with("basic.auth.user.info", "user:hush")
                .with("cache.size", "3");
        assertThat(RegistryConfig.fromClientProperties(config.toClientProperties()))
                .isEqualTo(config)
                .hasSameHashCodeAs(config);
        assertThat(config.toString()).doesNotContain("hush").contains("http://r");
    }
}
