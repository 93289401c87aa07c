package io.millrace.operators.alert;

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
    @CsvSource({
        "PT0S, PT1S, alerts.within must be positive",
        "PT-1S, PT1S, alerts.within must be positive",
        "PT1S, PT-1S, alerts.close-after must not be negative"
    })
    void spansMustBePositive(Duration within, Duration closeAfter, String message) {
        assertThatThrownBy(() -> new AlertPolicy(1, within, closeAfter))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void anAlertWithoutAQuietTimeIsOverAtOnce() {
        assertThat(AlertPolicy.EACH.closesAtOnce()).isTrue();
        assertThat(AlertPolicy.DEFAULT.closesAtOnce()).isFalse();
    }
}
