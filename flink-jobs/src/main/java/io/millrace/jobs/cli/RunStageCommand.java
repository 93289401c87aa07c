package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.millrace.connectors.kafka.TopicAdmin;
import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.StreamingJob;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.local.LocalCluster;
import io.millrace.jobs.local.LocalJob;
import io.millrace.schemas.Topic;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that runs the job of a stage against the user's own brokers, here or on a cluster. */
abstract class RunStageCommand implements Callable<Integer> {

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
            description = "Savepoint or retained checkpoint to go on from.")
    private String savepoint;

    @Option(names = "--create-topics", description = "Make the topics that are missing.")
    private boolean createTopics;

    /** Name of the job where the configuration gives none. */
    protected abstract String jobName();

    /**
     * The stage's job.
     *
     * @throws ConfigurationException if the configuration does not fit
     */
    protected abstract StreamingJob job(JobConfiguration configuration);

    /** Topics that the job reads and writes. */
    protected abstract List<Topic> topics(JobConfiguration configuration);

    @Override
    public final Integer call() throws Exception {
        JobConfiguration configuration;
        StreamingJob job;
        try {
            configuration =
                    ConfigurationReader.read(config, JobConfiguration.class).orNamed(jobName());
            job = job(configuration);
        } catch (ConfigurationException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
        checkTopics(configuration);
        Configuration options = FlinkOptions.of(configuration);
        if (savepoint != null) {
            options.setString("execution.state-recovery.path", savepoint);
        }
        return jobManager == null ? runHere(configuration, options, job) : submit(options, job);
    }

    private void checkTopics(JobConfiguration configuration) {
        List<Topic> topics = topics(configuration);
        try (TopicAdmin admin = new TopicAdmin(
                configuration.kafka().bootstrap(),
                Duration.ofSeconds(20),
                configuration.kafka().properties())) {
            if (createTopics) {
                admin.ensure(topics);
                return;
            }
            Set<String> names = admin.names();
            List<String> missing = topics.stream()
                    .map(Topic::name)
                    .filter(topic -> !names.contains(topic))
                    .toList();
            if (!missing.isEmpty()) {
                throw new IllegalStateException("topics are missing: " + missing + "; --create-topics makes them");
            }
        }
    }

    /** A topic of the catalogue under the name that the configuration gives it. */
    protected static Topic renamed(Topic topic, String name) {
        return topic.name().equals(name) ? topic : topic.withName(name);
    }

    private int submit(Configuration options, StreamingJob job) throws Exception {
        String[] parts = jobManager.split(":");
        if (parts.length != 2 || !parts[1].matches("\\d{1,5}")) {
            throw new ParameterException(spec.commandLine(), "--jobmanager must be HOST:PORT, got " + jobManager);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment(parts[0], Integer.parseInt(parts[1]), options);
        job.build(environment);
        JobClient client = environment.executeAsync();
        PrintWriter out = spec.commandLine().getOut();
        out.println("Submitted job " + client.getJobID() + "; dashboard http://" + jobManager + "/#/job/"
                + client.getJobID());
        out.flush();
        return 0;
    }

    private int runHere(JobConfiguration configuration, Configuration options, StreamingJob job) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stopWanted = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopWanted.countDown();
            try {
                over.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        Path folder = Files.createTempDirectory("millrace-run");
        try (LocalCluster cluster = LocalCluster.start(configuration.flink().parallelism() * 2, 0, folder)) {
            LocalJob running = cluster.submit(options, job::build);
            running.awaitRunning(Duration.ofMinutes(2));
            out.println("Running. Dashboard: " + cluster.dashboard() + ". Stop with Ctrl-C.");
            out.flush();
            while (!stopWanted.await(1, TimeUnit.SECONDS)) {
                JobStatus status = running.status();
                if (status.isGloballyTerminalState()) {
                    throw new IllegalStateException("the job is " + status + ": " + running.failure());
                }
            }
            running.cancel();
            out.println("Stopped. The next run goes on from the committed offsets.");
            out.flush();
            return 0;
        } finally {
            over.countDown();
        }
    }
}
