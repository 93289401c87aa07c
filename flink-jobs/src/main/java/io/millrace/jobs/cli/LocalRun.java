package io.millrace.jobs.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.cluster.ClusterJobs;
import io.millrace.jobs.cluster.FlinkRest;
import io.millrace.jobs.cluster.JobWatch;
import io.millrace.jobs.config.ConfigurationException;
import io.millrace.jobs.config.InferenceConfiguration;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.lifecycle.Causes;
import io.millrace.jobs.lifecycle.JobLock;
import io.millrace.jobs.lifecycle.MillraceHome;
import io.millrace.jobs.lifecycle.SavedState;
import io.millrace.jobs.lifecycle.StartingPoint;
import io.millrace.jobs.lifecycle.StateDirectories;
import io.millrace.jobs.lifecycle.StateException;
import io.millrace.jobs.lifecycle.StateFolders;
import io.millrace.jobs.lifecycle.StopSignals;
import io.millrace.jobs.local.LocalCluster;
import io.millrace.jobs.local.LocalJob;
import io.millrace.jobs.local.ProcessFolder;
import io.millrace.models.torch.Devices;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;

/** A job in a Flink cluster of this process, from its start to its stop. */
final class LocalRun {
    private static final long LOOK_MILLIS = 1_000;

    private final RunPlan plan;
    private final InferenceConfiguration inference;
    private final Duration stopLimit;
    private StateFolders folders;
    private boolean registered;
    private boolean ran;

    /**
     * @param inference how the stage runs its network; null for the defaults
     * @param stopLimit how long a stop waits for its savepoint
     */
    LocalRun(RunPlan plan, InferenceConfiguration inference, Duration stopLimit) {
        this.plan = plan;
        this.inference = inference;
        this.stopLimit = stopLimit;
    }

    /** Runs until a signal or the end of the job; returns the exit code. */
    int run() throws Exception {
        checkDevice();
        Configuration options = options();
        folders = StateFolders.in(options).orElseThrow();
        StateDirectories.loadFileSystems(options);
        StateDirectories.check(folders);
        try (JobLock lock = lock();
                StopSignals signals = StopSignals.take();
                ProcessFolder temporary = ProcessFolder.create("run")) {
            StartingPoint start = plan.startingPoint(folders);
            start.state().ifPresent(state -> options.setString("execution.state-recovery.path", state));
            try (LocalCluster cluster =
                    LocalCluster.start(plan.configuration().flink().parallelism() * 2, 0, temporary.path())) {
                plan.note(start, folders);
                return run(cluster, cluster.submit(options, plan.job()::build), signals);
            }
        }
    }

    private void checkDevice() {
        if (inference != null && inference.device() != null) {
            try {
                Devices.parse(inference.device());
            } catch (IllegalArgumentException none) {
                throw new ConfigurationException("inference.device: " + none.getMessage());
            }
        }
    }

    private Configuration options() {
        JobConfiguration configuration = plan.configuration();
        Configuration options = FlinkOptions.of(configuration);
        if (StateFolders.in(options).isPresent()) {
            return options;
        }
        String directory = MillraceHome.checkpoints().toUri().toString();
        plan.say("flink.checkpoint-directory is not set: state is kept in " + directory);
        return FlinkOptions.of(configuration.withCheckpointDirectory(directory));
    }

    private JobLock lock() throws IOException {
        if (plan.allowSecond()) {
            return null;
        }
        JobLock lock =
                JobLock.take(MillraceHome.locks(), plan.name(), plan.kafka().cluster());
        if (lock == null) {
            throw new IllegalStateException(
                    "a job named " + plan.name() + " runs on this machine already and would have"
                            + " every result doubled: stop it, give this one another name, or say --allow-second");
        }
        return lock;
    }

    private int run(LocalCluster cluster, LocalJob job, StopSignals signals) throws Exception {
        JobWatch watch = new JobWatch(new ClusterJobs(new FlinkRest(cluster.dashboard())), plan.lines());
        while (!signals.await(LOOK_MILLIS)) {
            watch.look();
            try {
                Optional<String> end = look(cluster, job);
                if (end.isPresent()) {
                    return ended(end.get());
                }
            } catch (TimeoutException | ExecutionException busy) {
                // asked again with the next look, unless it is over
            }
        }
        return stop(job);
    }

    /** Looks after the cluster and the job once; why it is over, if it is. */
    private Optional<String> look(LocalCluster cluster, LocalJob job) throws Exception {
        if (!cluster.isRunning()) {
            return Optional.of("Flink has ended by a fatal error");
        }
        JobStatus status = job.status();
        if (status.isGloballyTerminalState()) {
            return Optional.of("the job is " + status + ": " + job.failure());
        }
        boolean there = cluster.taskManagers() > 0;
        if (registered && !there) {
            plan.say("The TaskManager has ended by a fatal error; another one is started.");
            try {
                cluster.startTaskManager();
            } catch (Exception failed) {
                return Optional.of("no other TaskManager can be started: " + Causes.of(failed));
            }
        }
        registered = there;
        if (!ran && job.isRunning()) {
            ran = true;
            plan.say("Running. Dashboard: " + cluster.dashboard() + ". Stop with Ctrl-C.");
        }
        return Optional.empty();
    }

    private int ended(String why) {
        plan.say("Ended: " + why + ".");
        plan.say(next());
        return 1;
    }

    private int stop(LocalJob job) throws Exception {
        plan.say("Stopping with a savepoint; Ctrl-C again ends at once.");
        try {
            String savepoint = job.stop(folders.savepoints(), stopLimit);
            plan.say("Stopped with savepoint " + savepoint + ". The next run goes on from it.");
            return 0;
        } catch (IllegalStateException failed) {
            plan.say("Stopped without a savepoint: " + failed.getMessage().replaceAll("\\.+$", "") + ".");
            try {
                job.cancel();
            } catch (Exception hanging) {
                plan.say("The job did not end by itself: " + Causes.of(hanging) + ".");
            }
            plan.say(next());
            return 1;
        }
    }

    private String next() {
        try {
            Optional<SavedState> newest = StartingPoint.newest(folders);
            return newest.map(state -> "The next run goes on from " + state + ".")
                    .orElse("There is no checkpoint: the next run begins without state, at the committed offsets.");
        } catch (IOException | StateException unreadable) {
            return "What there is to go on from cannot be told: " + Causes.of(unreadable) + ".";
        }
    }
}
