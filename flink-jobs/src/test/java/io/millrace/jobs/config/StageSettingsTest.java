package io.millrace.jobs.config;

import java.time.Duration;
import java.util.Map;

import io.millrace.operators.alert.AlertPolicy;
import io.millrace.operators.inference.InferenceSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The settings that all stages share: what is given is taken, what is left out is the stage's, what is wrong is named. */
class StageSettingsTest {
    private static final AlertPolicy OF_THE_STAGE = new AlertPolicy(5, Duration.ofMinutes(3), Duration.ofMinutes(20));

    @Test
    void alertsTakeTheStagesPolicyWhereAKeyIsLeftOut() {
        assertThat(AlertConfiguration.defaults().policy("tea", OF_THE_STAGE)).isEqualTo(OF_THE_STAGE);
        AlertConfiguration given = ConfigurationReader.of(
                AlertConfiguration.class, Map.of("open-after", 1, "close-after", Duration.ofHours(1)));
        assertThat(given.policy("tea", OF_THE_STAGE))
                .isEqualTo(new AlertPolicy(1, Duration.ofMinutes(3), Duration.ofHours(1)));
        assertThat(new AlertConfiguration(null, Duration.ofMinutes(7), null).policy("tea", OF_THE_STAGE))
                .isEqualTo(new AlertPolicy(5, Duration.ofMinutes(7), Duration.ofMinutes(20)));
    }

    @Test
    void anAlertPolicyThatDoesNotFitNamesTheStagesKey() {
        assertThatThrownBy(() -> new AlertConfiguration(0, null, null).policy("tea", OF_THE_STAGE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("tea.");
    }

    @Test
    void everyKeyOfInferenceReachesTheOperator() {
        InferenceConfiguration given = ConfigurationReader.of(
                InferenceConfiguration.class,
                Map.of(
                        "max-batch",
                        8,
                        "max-wait",
                        Duration.ofMillis(3),
                        "capacity",
                        1000,
                        "slots",
                        64,
                        "pipeline-depth",
                        3,
                        "state-ttl",
                        Duration.ofHours(2),
                        "write-ahead-from",
                        Duration.ofMillis(1500),
                        "device",
                        "cpu",
                        "capacity-bytes",
                        123_456L,
                        "preparation-threads",
                        3));
        InferenceSettings settings = given.settings("tea", InferenceSettings.builder("tea"));
        assertThat(settings.maxBatch()).isEqualTo(8);
        assertThat(settings.maxWait()).isEqualTo(Duration.ofMillis(3));
        assertThat(settings.capacity()).isEqualTo(1000);
        assertThat(settings.slots()).isEqualTo(64);
        assertThat(settings.pipelineDepth()).isEqualTo(3);
        assertThat(settings.stateTtl()).isEqualTo(Duration.ofHours(2));
        assertThat(settings.writeAheadFrom()).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings.device()).isEqualTo("cpu");
        assertThat(settings.capacityBytes()).isEqualTo(123_456L);
        assertThat(settings.preparationThreads()).isEqualTo(3);
    }

    @Test
    void inferenceThatIsLeftOutIsWhatTheStageBuilds() {
        assertThat(InferenceConfiguration.defaults()
                        .settings("tea", InferenceSettings.builder("tea").optMaxBatch(17))
                        .maxBatch())
                .isEqualTo(17);
    }

    @Test
    void inferenceThatDoesNotFitNamesTheStage() {
        InferenceConfiguration wrong = ConfigurationReader.of(InferenceConfiguration.class, Map.of("max-batch", 0));
        assertThatThrownBy(() -> wrong.settings("tea", InferenceSettings.builder("tea")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("tea.inference: ");
        InferenceConfiguration rollout =
                ConfigurationReader.of(InferenceConfiguration.class, Map.of("rollout", Map.of("load-attempts", 0)));
        assertThatThrownBy(() -> rollout.settings("tea", InferenceSettings.builder("tea")))
                .hasMessage("tea.inference: inference setting load-attempts must be 1 to 100, got 0");
    }

    @Test
    void samplesAreAShareAndALimit() {
        assertThat(SampleConfiguration.of("tea", 0.25, 7).perMinute()).isEqualTo(7);
        assertThat(SampleConfiguration.of("tea", 0.25, 7).draw())
                .isEqualTo(SampleConfiguration.of("tea", 0.25, 9).draw());
        assertThatThrownBy(() -> SampleConfiguration.of("tea", 0.25, 0))
                .hasMessage("tea.samples-per-minute must be at least 1, got 0");
        for (double rate : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> SampleConfiguration.of("tea", rate, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("tea.sample-rate");
        }
    }
}
