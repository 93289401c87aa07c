package io.millrace.jobs.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;

import io.millrace.jobs.cluster.CheckpointSummary;
import io.millrace.jobs.cluster.ClusterJobs;
import io.millrace.jobs.cluster.JobFailure;
import io.millrace.jobs.cluster.JobSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace jobs}: what runs on a cluster. */
@Command(
        name = "jobs",
        description = "Lists the jobs of a cluster: state, restarts, last checkpoint and newest failure.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  millrace jobs --jobmanager flink.example:8081"})
public final class JobsCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--jobmanager",
            paramLabel = "HOST:PORT",
            required = true,
            description = "REST address of the cluster.")
    private String jobManager;

    @Option(names = "--all", description = "Jobs that have ended, too.")
    private boolean all;

    @Override
    public Integer call() throws InterruptedException {
        ClusterJobs jobs = new ClusterJobs(ClusterAddress.of(jobManager, spec));
        PrintWriter out = spec.commandLine().getOut();
        List<JobSummary> listed = jobs.all().stream()
                .filter(job -> all || !job.ended())
                .sorted((a, b) -> a.started().compareTo(b.started()))
                .toList();
        if (listed.isEmpty()) {
            out.println("No job runs on " + jobManager + ".");
        }
        for (JobSummary job : listed) {
            describe(jobs, job, out);
        }
        out.flush();
        return 0;
    }

    private static void describe(ClusterJobs jobs, JobSummary job, PrintWriter out) throws InterruptedException {
        List<JobFailure> failures = jobs.failures(job.id());
        // the metric lags behind by some seconds, and the failures that are remembered are few
        long restarts = Math.max(jobs.restarts(job.id()).orElse(0L), job.ended() ? 0 : failures.size());
        out.println(job.id() + "  " + job.name() + "  " + job.state() + "  since " + time(job.started()) + "  restarts "
                + restarts);
        out.println("    last checkpoint: "
                + jobs.lastCheckpoint(job.id()).map(JobsCommand::words).orElse("none"));
        failures.stream()
                .reduce((first, last) -> last)
                .ifPresent(failure -> out.println("    newest failure: " + words(failure)));
    }

    private static String words(CheckpointSummary checkpoint) {
        return checkpoint.id() + ", " + time(checkpoint.at())
                + checkpoint.path().map(path -> ", " + path).orElse(", in the JobManager's memory");
    }

    private static String words(JobFailure failure) {
        return time(failure.at()) + ", " + failure.cause();
    }

    private static String time(Instant at) {
        return TIME.format(at.atZone(ZoneId.systemDefault()));
    }
}
