package io.millrace.jobs.intrusion;

import java.time.Duration;
import java.util.Map;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.StartFrom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IntrusionConfigurationTest {

    private static IntrusionConfiguration with(String key, Object value) {
        return ConfigurationReader.of(IntrusionConfiguration.class, Map.of(key, value));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        IntrusionConfiguration intrusion = ConfigurationReader.defaults(IntrusionConfiguration.class);
        assertThat(intrusion.profile()).isEqualTo("core");
        assertThat(intrusion.model()).isEqualTo("default");
        assertThat(intrusion.idleAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(intrusion.startFrom()).isEqualTo(StartFrom.EARLIEST);
        assertThat(intrusion.samples().perMinute()).isEqualTo(60);
        assertThat(intrusion.inferenceSettings().maxBatch()).isEqualTo(256);
    }

    @Test
    void timesMayBeAsLongAsADayAndNoLonger() {
        assertThat(with("disorder", "1d").disorder()).isEqualTo(Duration.ofDays(1));
        assertThat(with("max-ahead", "24h").maxAhead()).isEqualTo(Duration.ofDays(1));
        for (String longer : new String[] {"86401s", "25h", "47h", "2d"}) {
            assertThatThrownBy(() -> with("disorder", longer))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("intrusion.disorder must be at most a day");
            assertThatThrownBy(() -> with("max-ahead", longer))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("intrusion.max-ahead must be 0s to 1d");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "profile | tea | intrusion.profile must be core or zeek, got tea",
                "profile | nsl-kdd | intrusion.profile must be core or zeek, got nsl-kdd",
                "sample-rate | 1.5 | intrusion.sample-rate",
                "samples-per-minute | 0 | intrusion.samples-per-minute must be at least 1, got 0",
                "start-from | middle | 'start-from' (line 2) must be EARLIEST or LATEST, got 'middle'",
            })
    void aValueThatDoesNotFitIsNamed(String key, String value, String message) {
        assertThatThrownBy(() -> with(key, value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theDemoClosesAlertsWhileOneLooksOn() {
        IntrusionConfiguration demo = IntrusionDemonstration.settings("default", Duration.ofMillis(1500));
        assertThat(demo.disorder()).isEqualTo(Duration.ofMillis(1500));
        assertThat(demo.alertPolicy().closeAfter()).isEqualTo(Duration.ofMinutes(2));
        assertThat(demo.idleAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(IntrusionDemonstration.settings("default", null).disorder()).isEqualTo(Duration.ofMinutes(5));
    }
}
