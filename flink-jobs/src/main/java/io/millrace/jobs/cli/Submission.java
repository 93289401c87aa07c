package io.millrace.jobs.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.cluster.ClusterJobs;
import io.millrace.jobs.cluster.FlinkRest;
import io.millrace.jobs.cluster.JobFailure;
import io.millrace.jobs.cluster.JobSummary;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.lifecycle.Causes;
import io.millrace.jobs.lifecycle.StartingPoint;
import io.millrace.jobs.lifecycle.StateDirectories;
import io.millrace.jobs.lifecycle.StateFolders;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job on its way to a cluster. */
final class Submission {
    private static final long WAIT_SECONDS = 60;

    private final RunPlan plan;
    private final FlinkRest rest;
    private final ClusterJobs jobs;

    Submission(RunPlan plan, FlinkRest rest) {
        this.plan = plan;
        this.rest = rest;
        this.jobs = new ClusterJobs(rest);
    }

    /** Submits the job and waits a while for it to run; returns the exit code. */
    int run() throws Exception {
        refuseSecond();
        Configuration options = options();
        Optional<StateFolders> folders = StateFolders.in(options);
        folders.ifPresent(StateDirectories::checkForm);
        StateDirectories.loadFileSystems(options);
        StartingPoint start = folders.map(plan::startingPoint).orElse(null);
        if (start == null) {
            plan.say("There is no checkpoint directory: a restart of the job begins without state.");
            Optional.ofNullable(plan.wish().savepoint())
                    .ifPresent(state -> options.setString("execution.state-recovery.path", state));
        } else {
            start.state().ifPresent(state -> options.setString("execution.state-recovery.path", state));
        }
        folders.ifPresent(where -> plan.note(start, where));
        String id = submit(options);
        plan.say("Submitted job " + id + "; dashboard http://" + rest.host() + ':' + rest.port() + "/#/job/" + id);
        return awaitRunning(id);
    }

    private void refuseSecond() {
        Optional<JobSummary> other = jobs.running(plan.name());
        if (other.isPresent() && !plan.allowSecond()) {
            throw new IllegalStateException("a job named " + plan.name() + " runs on this cluster already ("
                    + other.get().id()
                    + ", " + other.get().state()
                    + ") and would have every result doubled: stop it, give this one another"
                    + " name, or say --allow-second");
        }
    }

    /** The job's options, with its state in the directory that the cluster is configured with if the job names none. */
    private Configuration options() {
        JobConfiguration configuration = plan.configuration();
        Configuration options = FlinkOptions.of(configuration);
        if (StateFolders.in(options).isPresent()) {
            return options;
        }
        Map<String, String> settings = rest.configuration();
        Optional<String> directory =
                Configuration.fromMap(settings).getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
        if (directory.isPresent()) {
            return FlinkOptions.of(configuration.withCheckpointDirectory(directory.get()));
        }
        if (configuration.delivery() == JobConfiguration.Delivery.EXACTLY_ONCE) {
            throw new ConfigurationException(
                    "flink.checkpoint-directory is missing, here and in the cluster's own"
                            + " configuration: without it checkpoints fail as soon as the state is larger than a few megabytes, and"
                            + " exactly-once results never become visible; name a directory that every process of the cluster sees");
        }
        return options;
    }

    private String submit(Configuration options) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createRemoteEnvironment(rest.host(), rest.port(), options);
        plan.job().build(environment);
        try {
            JobClient client = environment.executeAsync();
            return client.getJobID().toString();
        } catch (Exception refused) {
            throw new IllegalStateException(
                    "the JobManager at " + rest.host() + ':' + rest.port() + " refuses the job: " + Causes.of(refused),
                    refused);
        }
    }

    private int awaitRunning(String id) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!jobs.isRunning(id)) {
            String state = jobs.state(id);
            String cause = jobs.failures(id).stream()
                    .reduce((first, last) -> last)
                    .map(JobFailure::cause)
                    .orElse("");
            if (state.equals("FAILED")) {
                throw new IllegalStateException("the job failed: " + cause);
            }
            if (System.nanoTime() > deadline) {
                plan.say("It does not run yet after " + WAIT_SECONDS + " s: "
                        + (cause.isEmpty() ? "some of its tasks wait to be started (are there free slots?)" : cause));
                return 0;
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
        plan.say("Running.");
        return 0;
    }
}
