package io.millrace.it.sensor;

import java.util.Map;

import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.operators.inference.InferenceSettings;

/**
 * Settings of the sensor stage.
 *
 * @param topics names of topics by their roles, where they are others than usual
 * @param readings readings that an average is taken over
 * @param inference batching and state
 */
record SensorConfiguration(Map<String, String> topics, Integer readings, InferenceConfiguration inference)
        implements StageConfiguration {

    SensorConfiguration {
        topics = topics == null ? Map.of() : Map.copyOf(topics);
        readings = readings == null ? 4 : readings;
        inference = inference == null ? InferenceConfiguration.defaults() : inference;
        if (readings < 1 || readings > 1000) {
            throw new ConfigurationException("sensor.readings must be 1 to 1000, got " + readings);
        }
        settings(inference);
    }

    InferenceSettings settings() {
        return settings(inference);
    }

    private static InferenceSettings settings(InferenceConfiguration inference) {
        return inference.settings(SensorStage.NAME, InferenceSettings.builder(SensorStage.NAME));
    }
}
