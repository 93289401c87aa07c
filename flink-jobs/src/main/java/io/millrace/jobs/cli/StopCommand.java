package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.millrace.jobs.cluster.ClusterJobs;
import io.millrace.jobs.cluster.JobSummary;
import io.millrace.jobs.lifecycle.Causes;
import io.millrace.jobs.lifecycle.StartingPoint;
import io.millrace.jobs.lifecycle.StateDirectories;
import io.millrace.jobs.lifecycle.StateFolders;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace stop}: a job of a cluster, with a savepoint. */
@Command(
        name = "stop",
        description = "Stops a job of a cluster with a savepoint, from which its next run goes on.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace stop network-intrusion --jobmanager flink.example:8081"})
public final class StopCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "JOB", description = "Name or id of the job.")
    private String job;

    @Option(
            names = "--jobmanager",
            paramLabel = "HOST:PORT",
            required = true,
            description = "REST address of the cluster.")
    private String jobManager;

    @Option(
            names = "--drain",
            description =
                    "Bring to an end what is under way, as if no more input could come: for a job that is not to go on.")
    private boolean drain;

    @Option(
            names = "--savepoint-directory",
            paramLabel = "URI",
            description = "Where the savepoint goes (what the job was started with).")
    private String directory;

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait for the savepoint (${DEFAULT-VALUE}).")
    private Duration limit;

    @Override
    public Integer call() throws Exception {
        ClusterJobs jobs = new ClusterJobs(ClusterAddress.of(jobManager, spec));
        List<JobSummary> named = jobs.all().stream()
                .filter(one -> !one.ended())
                .filter(one -> one.id().equals(job) || one.name().equals(job))
                .toList();
        if (named.size() != 1) {
            throw new IllegalStateException(
                    named.isEmpty()
                            ? "no job of the name or id " + job + " runs on " + jobManager
                            : named.size() + " jobs named " + job + " run: name one by its id, "
                                    + named.stream().map(JobSummary::id).toList());
        }
        String id = named.get(0).id();
        Optional<StateFolders> folders = jobs.folders(id);
        String target = Optional.ofNullable(directory)
                .or(() -> folders.map(StateFolders::savepoints))
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "the job has no directory for savepoints: name one with --savepoint-directory"));
        say("Stopping " + named.get(0).name() + " (" + id + ") with a savepoint ...");
        String savepoint;
        try {
            savepoint = jobs.stop(id, target, drain, limit);
        } catch (IllegalStateException failed) {
            throw new IllegalStateException(
                    "there is no savepoint, and the job runs on unless it failed: " + failed.getMessage()
                            + lastCheckpoint(jobs, id),
                    failed);
        }
        say("Stopped with savepoint " + savepoint + ".");
        if (directory != null) {
            note(folders, savepoint);
        }
        return 0;
    }

    private static String lastCheckpoint(ClusterJobs jobs, String id) {
        try {
            return jobs.lastCheckpoint(id)
                    .flatMap(last -> last.path())
                    .map(path -> "; its last checkpoint is " + path)
                    .orElse("");
        } catch (IllegalStateException gone) {
            return "";
        }
    }

    private void note(Optional<StateFolders> folders, String savepoint) {
        String advice = "Go on from it with --from-savepoint " + savepoint;
        if (folders.isEmpty()) {
            say(advice + ".");
            return;
        }
        try {
            StateDirectories.loadFileSystems(new Configuration());
            StartingPoint.noteStop(folders.get(), savepoint);
            say("The job's next run goes on from it.");
        } catch (IOException notSeen) {
            say(advice + ": it cannot be noted beside the job's checkpoints (" + Causes.of(notSeen) + ").");
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
