package io.millrace.jobs.speech;

import java.nio.file.Path;
import java.util.Map;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.SpeechConfiguration;
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
                null,
                new SpeechConfiguration(
                        null, model, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                        null, null, null, null, null));
        new SpeechRecognitionJob(configuration).build(StreamExecutionEnvironment.getExecutionEnvironment());
    }

    @Test
    void aModelThatIsNotThereIsNamedWithItsKey() {
        assertThatThrownBy(() -> build(empty.toString()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("speech.model")
                .hasMessageContaining(empty.toString());
    }
}
