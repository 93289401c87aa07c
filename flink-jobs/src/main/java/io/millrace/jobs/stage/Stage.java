package io.millrace.jobs.stage;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.millrace.jobs.config.ConfigurationSection;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.jobs.demo.Demonstration;
import io.millrace.schemas.Topic;
import org.apiguardian.api.API;

/**
 * A network in Flink with all that belongs to it: its settings, topics, job, commands and what the demo shows of it.
 * Found through {@link java.util.ServiceLoader}; see {@link StageCatalogue}.
 *
 * <p>To be implemented by whoever adds a stage; what is added to it later has a default.
 *
 * @param <C> record of its settings: components are the keys of its section in a configuration file, those left out are
 *     null and get their defaults in the record's constructor, which refuses what does not fit
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface Stage<C extends StageConfiguration> {

    /**
     * Its name on the command line, in configuration files, topics and metrics: one word in lower case, of letters, digits
     * and hyphens, and no key that every configuration has.
     */
    String name();

    /** Name of its job where the configuration gives none. */
    String jobName();

    /** What its job does, in one sentence. */
    String summary();

    /** Type of its settings. */
    Class<C> configuration();

    /** Topics that its job reads and writes, inputs first. */
    List<Topic<?>> topics();

    /** Topics that others write beside the job, such as truth and feedback. */
    default List<Topic<?>> topicsBeside() {
        return List.of();
    }

    /**
     * Adds its job to a graph.
     *
     * @throws io.millrace.jobs.config.ConfigurationException naming the key whose value does not fit, also where a model
     *     cannot be read
     */
    void build(StageGraph graph, C configuration);

    /** What it adds to the command line, beside {@code run}. */
    default List<StageCommand> commands() {
        return List.of();
    }

    /** What the demo shows of it; empty for nothing. A new one each time: it holds options of a command line. */
    default Optional<Demonstration> demonstration() {
        return Optional.empty();
    }

    /** Its section in configuration files. */
    default ConfigurationSection<C> section() {
        Set<String> roles = topics().stream().map(Topic::role).collect(Collectors.toSet());
        return new ConfigurationSection<>(name(), configuration(), roles);
    }
}
