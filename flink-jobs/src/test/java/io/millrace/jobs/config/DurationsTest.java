package io.millrace.jobs.config;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DurationsTest {

    @Test
    void everyUnitIsRead() {
        assertThat(Durations.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("60s")).isEqualTo(Duration.ofMinutes(1));
        assertThat(Durations.parse("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(Durations.parse("5min")).isEqualTo(Duration.ofMinutes(5));
        assertThat(Durations.parse("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(Durations.parse(" 1d ")).isEqualTo(Duration.ofDays(1));
        assertThat(Durations.parse("0s")).isZero();
        assertThat(Durations.parse("36500d")).isEqualTo(Duration.ofDays(36_500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "1.5s", "1 s", "1w", "PT5M", "1h30m", "1000000000000ms"})
    void whatIsNoDurationIsSaidWithExamples(String wrong) {
        assertThatThrownBy(() -> Durations.parse(wrong))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + wrong + "' is no duration; write 500ms, 60s, 5m, 2h or 1d");
    }

    /** Longer ones overflow where they are turned into milliseconds or added to a moment. */
    @ParameterizedTest
    @ValueSource(strings = {"36501d", "999999999999d", "999999999999h", "999999999999m", "99999999999s"})
    void whatIsLongerThanACenturyIsRefused(String wrong) {
        assertThatThrownBy(() -> Durations.parse(wrong))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + wrong + "' is longer than 36500d");
    }
}
