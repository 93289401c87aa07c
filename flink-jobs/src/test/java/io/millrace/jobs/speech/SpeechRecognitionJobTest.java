package io.millrace.jobs.speech;

import java.nio.file.Path;
import java.util.Map;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.stage.StageJob;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpeechRecognitionJobTest {

    @TempDir
    private Path empty;

    private static void build(String model) {
        JobConfiguration configuration = new JobConfiguration(
                null,
                new JobConfiguration.Kafka("localhost:1", Map.of()),
                new JobConfiguration.Registry("http://localhost:1", Map.of()),
                null,
                null,
                Map.of(SpeechStage.NAME, ConfigurationReader.of(SpeechConfiguration.class, Map.of("model", model))));
        new StageJob<>(new SpeechStage(), configuration).build(StreamExecutionEnvironment.getExecutionEnvironment());
    }

    @Test
    void aModelThatIsNotThereIsNamedWithItsKey() {
        assertThatThrownBy(() -> build(empty.toString()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("speech.model")
                .hasMessageContaining(empty.toString());
    }
}
