package io.millrace.jobs.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.jobs.cluster.FlinkRest;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.config.StageConfiguration;
import io.millrace.jobs.lifecycle.StartingPoint;
import io.millrace.jobs.lifecycle.StateException;
import io.millrace.jobs.stage.Stage;
import io.millrace.jobs.stage.StageCatalogue;
import io.millrace.jobs.stage.StageJob;
import io.millrace.schemas.Topic;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code millrace run STAGE}: the job of a stage against the user's own brokers, here or on a cluster.
 *
 * @param <C> the stage's settings
 */
@Command(mixinStandardHelpOptions = true)
final class RunStageCommand<C extends StageConfiguration> implements Callable<Integer> {

    private final Stage<C> stage;
    private final StageCatalogue stages;

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", required = true, description = "Configuration file (YAML).")
    private Path config;

    @Option(
            names = "--jobmanager",
            paramLabel = "HOST:PORT",
            description = "Submit to this cluster's REST address; without it the job runs in this process.")
    private String jobManager;

    @Option(
            names = "--from-savepoint",
            paramLabel = "URI",
            description = "Savepoint or retained checkpoint to go on from (the job's newest).")
    private String savepoint;

    @Option(names = "--fresh", description = "Begin without state; what the job left before is forgotten.")
    private boolean fresh;

    @Option(names = "--allow-second", description = "Run even if a job of this name runs already.")
    private boolean allowSecond;

    @Option(
            names = "--stop-limit",
            paramLabel = "TIME",
            defaultValue = "2m",
            description = "How long Ctrl-C waits for its savepoint (${DEFAULT-VALUE}).")
    private Duration stopLimit;

    @Option(names = "--create-topics", description = "Make the topics that are missing.")
    private boolean createTopics;

    private RunStageCommand(Stage<C> stage, StageCatalogue stages) {
        this.stage = stage;
        this.stages = stages;
    }

    /** The command of a stage. */
    static <C extends StageConfiguration> CommandLine of(Stage<C> stage, StageCatalogue stages) {
        CommandLine line = new CommandLine(new RunStageCommand<>(stage, stages));
        String run = "  millrace run " + stage.name() + " --config " + stage.name() + ".yaml";
        line.getCommandSpec()
                .name(stage.name())
                .usageMessage()
                .description(stage.summary())
                .footer("", "Examples:", run, run + " --jobmanager flink.example:8081");
        return line;
    }

    @Override
    public Integer call() throws Exception {
        if (fresh && savepoint != null) {
            throw new ParameterException(spec.commandLine(), "--fresh and --from-savepoint exclude each other");
        }
        try {
            StageJob<C> job = new StageJob<>(stage, ConfigurationReader.read(config, stages.sections()));
            JobConfiguration configuration = job.configuration();
            FlinkRest cluster = jobManager == null ? null : ClusterAddress.of(jobManager, spec);
            FlinkKeys.unknown(configuration.flink().properties().keySet())
                    .forEach(key -> say(config + ": flink.properties." + key + " is no option that Flink knows"));
            checkRegistry(configuration);
            RunPlan plan = new RunPlan(
                    configuration,
                    job,
                    askKafka(configuration, job.topics()),
                    new StartingPoint.Wish(savepoint, fresh),
                    allowSecond,
                    this::say);
            return cluster == null
                    ? new LocalRun(plan, job.settings().inference(), stopLimit).run()
                    : new Submission(plan, cluster).run();
        } catch (ConfigurationException | StateException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private RunPlan.KafkaFacts askKafka(JobConfiguration configuration, List<Topic<?>> topics) {
        try (TopicAdmin admin = new TopicAdmin(
                configuration.kafka().bootstrap(),
                Duration.ofSeconds(20),
                configuration.kafka().properties())) {
            if (createTopics) {
                admin.ensure(topics);
            }
            Set<String> names = admin.names();
            List<String> missing = topics.stream()
                    .map(Topic::name)
                    .filter(topic -> !names.contains(topic))
                    .toList();
            if (!missing.isEmpty() && !createTopics) {
                throw new IllegalStateException("topics are missing: " + missing + "; --create-topics makes them");
            }
            return new RunPlan.KafkaFacts(admin.clusterId(), admin.hasCommitted(configuration.name()));
        }
    }

    /** Fails where the job would wait: a registry that is away, or does not take the credentials. */
    private static void checkRegistry(JobConfiguration configuration) {
        SchemaRegistry.shared(configuration.registryConfig()).check();
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
