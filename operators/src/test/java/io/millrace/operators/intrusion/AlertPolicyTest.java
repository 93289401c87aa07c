package io.millrace.operators.intrusion;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AlertPolicyTest {

    @Test
    void threeDetectionsInFiveMinutesOpenAndTenQuietMinutesCloseByDefault() {
        assertThat(AlertPolicy.DEFAULT).isEqualTo(new AlertPolicy(3, Duration.ofSeconds(300), Duration.ofSeconds(600)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void anAlertNeedsADetection(int openAfter) {
        assertThatThrownBy(() -> new AlertPolicy(openAfter, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alerts.open-after must be at least 1, got " + openAfter);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT1S", "PT-1S, PT1S", "PT1S, PT0S", "PT1S, PT-1S"})
    void spansMustBePositive(Duration within, Duration closeAfter) {
        assertThatThrownBy(() -> new AlertPolicy(1, within, closeAfter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "alerts.within and alerts.close-after must be positive, got " + within + " and " + closeAfter);
    }
}
