package io.millrace.jobs.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.millrace.jobs.intrusion.IntrusionConfiguration;
import io.millrace.jobs.intrusion.IntrusionStage;
import io.millrace.operators.inference.InferenceSettings;
import io.millrace.operators.inference.RolloutSettings;
import io.millrace.schemas.RecordLimits;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JobConfigurationTest {

    private static final String LEAST = "kafka: {bootstrap: 'b:9092'}\nregistry: {url: 'http://r'}\n";

    private static final ConfigurationSection<IntrusionConfiguration> INTRUSION = new IntrusionStage().section();

    private static JobConfiguration parse(String yaml) {
        return ConfigurationReader.parse(yaml, List.of(INTRUSION));
    }

    private static IntrusionConfiguration intrusion(String yaml) {
        return parse(yaml).of(INTRUSION);
    }

    @Test
    void howModelsAreExchangedIsConfiguredAndHasDefaults() {
        assertThat(intrusion(LEAST + "intrusion: {disorder: 1s}\n")
                        .inferenceSettings()
                        .rollout())
                .isEqualTo(RolloutSettings.DEFAULTS);
        InferenceSettings settings = intrusion(LEAST
                        + "intrusion: {inference: {capacity-bytes: 1000, preparation-threads: 3, rollout: {drain-limit: 2h,"
                        + " load-attempts: 5, load-pause: 1s, trial-time: 1m, on-layout-change: refuse}}}\n")
                .inferenceSettings();
        assertThat(settings.capacityBytes()).isEqualTo(1000);
        assertThat(settings.preparationThreads()).isEqualTo(3);
        assertThat(settings.rollout())
                .isEqualTo(new RolloutSettings(
                        Duration.ofHours(2),
                        5,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        RolloutSettings.LayoutChange.REFUSE));
        assertThatThrownBy(() -> parse(LEAST + "intrusion: {inference: {rollout: {load-attempts: 0}}}\n"))
                .hasMessageContaining("load-attempts must be 1 to 100, got 0");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        JobConfiguration job = parse(LEAST);
        assertThat(job.name()).as("the stage's").isNull();
        assertThat(job.orNamed("network-intrusion").name()).isEqualTo("network-intrusion");
        assertThat(job.delivery()).isEqualTo(JobConfiguration.Delivery.EXACTLY_ONCE);
        assertThat(job.kafka().limits(RecordLimits.USUAL)).isEqualTo(RecordLimits.USUAL);
        assertThat(job.flink().parallelism()).isEqualTo(1);
        assertThat(job.flink().checkpointInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(job.flink().stateBackend()).isEqualTo("rocksdb");
        assertThat(job.of(INTRUSION).disorder()).isEqualTo(Duration.ofMinutes(5));
        assertThat(job.of(INTRUSION).maxAhead()).isEqualTo(Duration.ofMinutes(5));
        assertThat(job.of(INTRUSION).topics()).as("the usual ones").isEmpty();
        assertThat(job.of(INTRUSION).inferenceSettings().maxBatch()).isEqualTo(256);
        assertThat(job.of(INTRUSION).alertPolicy().openAfter()).isEqualTo(3);
    }

    @Test
    void whatIsGivenIsTaken() {
        JobConfiguration job = parse(
                LEAST
                        + "delivery: AT_LEAST_ONCE\nflink: {parallelism: 3, checkpoint-interval: 500ms}\n"
                        + "intrusion: {disorder: 0s, max-ahead: 1s, inference: {max-batch: 8, slots: 16, device: cpu}, alerts: {open-after: 1}}\n");
        assertThat(job.delivery()).isEqualTo(JobConfiguration.Delivery.AT_LEAST_ONCE);
        assertThat(job.flink().checkpointInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(job.of(INTRUSION).disorder()).isZero();
        assertThat(job.of(INTRUSION).maxAhead()).isEqualTo(Duration.ofSeconds(1));
        assertThat(job.of(INTRUSION).inferenceSettings().slots()).isEqualTo(16);
        assertThat(job.of(INTRUSION).alertPolicy().openAfter()).isEqualTo(1);
    }

    @Test
    void limitsOfRecordsCanBeChanged() {
        JobConfiguration job = parse("kafka: {bootstrap: 'b:9092', record-limit: 5000, text-limit: 100}\n"
                + "registry: {url: 'http://r'}\n");
        assertThat(job.kafka().limits(RecordLimits.USUAL))
                .isEqualTo(RecordLimits.USUAL.withRecordBytes(5000).withTextBytes(100));
        assertThatThrownBy(() -> parse("kafka: {bootstrap: 'b:9092', text-limit: 0}\nregistry: {url: 'http://r'}\n"))
                .hasMessageContaining("kafka.text-limit must be at least 1 byte, got 0");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> parse(LEAST + "flink: {paralelism: 3}\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("flink.paralelism")
                .hasMessageContaining("parallelism");
    }

    @Test
    void aSectionThatNoStageClaimsIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> parse(LEAST + "weather: {wind: 3}\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("unknown key 'weather' (line 3); known here: [delivery, flink, intrusion, kafka, name,"
                        + " registry]");
        assertThatThrownBy(() -> parse("kafka\n")).hasMessageContaining("a mapping of keys to values");
    }

    @Test
    void aTopicThatTheStageDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> parse(LEAST + "intrusion: {topics: {flow: x}}\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown key 'intrusion.topics.flow'; known here: [alerts, dead-letters,");
        assertThatThrownBy(() -> parse(LEAST)
                        .with(
                                "intrusion",
                                ConfigurationReader.of(
                                        IntrusionConfiguration.class, Map.of("topics", Map.of("flow", "x"))))
                        .of(INTRUSION))
                .hasMessageContaining("intrusion.topics.flow");
    }

    @Test
    void settingsMadeInAProgramAreThoseOfAFile() {
        IntrusionConfiguration made = ConfigurationReader.of(
                IntrusionConfiguration.class,
                Map.of("disorder", Duration.ofMillis(1500), "alerts", Map.of("close-after", Duration.ofDays(1))));
        assertThat(made)
                .isEqualTo(intrusion(LEAST + "intrusion: {disorder: 1500ms, alerts: {close-after: 1d}}\n"))
                .isNotEqualTo(ConfigurationReader.defaults(IntrusionConfiguration.class));
        assertThatThrownBy(() -> ConfigurationReader.of(IntrusionConfiguration.class, Map.of("disorder", "soon")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("disorder");
    }

    @Test
    void aValueThatDoesNotFitIsNamed() {
        assertThatThrownBy(() -> parse("registry: {url: 'http://r'}\n")).hasMessageContaining("kafka.bootstrap");
        assertThatThrownBy(() -> parse(LEAST + "flink: {state-backend: floppy}\n"))
                .hasMessageContaining("flink.state-backend must be rocksdb or hashmap, got floppy");
        assertThatThrownBy(() -> parse(LEAST + "intrusion: {disorder: soon}\n")).hasMessageContaining("soon");
        assertThatThrownBy(() -> parse(LEAST + "intrusion: {max-ahead: 2d}\n"))
                .hasMessageContaining("intrusion.max-ahead must be 0s to 1d");
        assertThatThrownBy(() -> parse(LEAST + "intrusion: {inference: {slots: 1}}\n"))
                .hasMessageContaining("slots must hold every batch of the pipeline");
        assertThatThrownBy(() -> parse("name: \"x")).hasMessageContaining("not YAML");
        assertThatThrownBy(() -> parse("name: [x]")).hasMessage("'name' (line 1) must be a text");
        assertThatThrownBy(() -> parse("flink: 3")).hasMessage("'flink' (line 1) must be a mapping of keys to values");
        assertThatThrownBy(() -> parse(LEAST + "flink: {parallelism: many}\n"))
                .hasMessage("'flink.parallelism' (line 3) must be a whole number, got 'many'");
        assertThatThrownBy(() -> parse(LEAST + "flink: {parallelism: 100000}\n"))
                .hasMessageContaining("flink.parallelism must be 1 to 32768, got 100000");
        assertThatThrownBy(() -> parse(LEAST + "delivery: TWICE\n"))
                .hasMessageContaining("must be EXACTLY_ONCE or AT_LEAST_ONCE, got 'TWICE'");
    }

    @Test
    void aKeyThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> parse(LEAST + "flink:\n  parallelism: 1\n  parallelism: 2\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the key 'parallelism' is given twice (line 5)");
    }
}
