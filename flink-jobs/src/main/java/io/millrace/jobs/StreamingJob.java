package io.millrace.jobs;

import io.millrace.jobs.config.ConfigurationException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job of a stage. */
@FunctionalInterface
public interface StreamingJob {

    /**
     * Adds the job to an environment.
     *
     * @throws ConfigurationException if the model cannot be read
     */
    void build(StreamExecutionEnvironment environment);
}
