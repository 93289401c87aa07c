package io.millrace.jobs.stage;

import java.util.List;

import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.schemas.Topic;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apiguardian.api.API;

/**
 * The job of a stage with its settings.
 *
 * @param <C> settings
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class StageJob<C extends StageConfiguration> implements StreamingJob {

    private final Stage<C> stage;
    private final JobConfiguration job;
    private final C settings;

    /**
     * Takes the stage's settings out of a job's configuration.
     *
     * @throws io.millrace.jobs.config.ConfigurationException if it names topics that the stage does not have
     */
    public StageJob(Stage<C> stage, JobConfiguration configuration) {
        this.stage = stage;
        this.job = configuration.orNamed(stage.jobName());
        this.settings = job.of(stage.section());
    }

    /** The job's configuration, with a name. */
    public JobConfiguration configuration() {
        return job;
    }

    /** The stage's settings. */
    public C settings() {
        return settings;
    }

    /** The topics that it reads and writes, under the names that its settings give them. */
    public List<Topic<?>> topics() {
        return stage.topics().stream().<Topic<?>>map(this::named).toList();
    }

    private <T extends org.apache.avro.specific.SpecificRecord> Topic<T> named(Topic<T> topic) {
        return topic.withName(settings.topics().getOrDefault(topic.role(), topic.name()));
    }

    @Override
    public void build(StreamExecutionEnvironment environment) {
        build(new KafkaEdges(environment, job, stage.name(), settings.topics()), stage, settings);
    }

    /** Adds the job of a stage to the environment of its edges. */
    public static <C extends StageConfiguration> void build(StageEdges edges, Stage<C> stage, C settings) {
        StageGraph graph = new StageGraph(edges, stage.name());
        stage.build(graph, settings);
        graph.finish();
    }
}
