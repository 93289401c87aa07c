package io.millrace.jobs.cluster;

import java.net.URI;
import java.util.function.Consumer;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;

/** Watches the jobs of the JobManager of this process. */
public final class ClusterWatch {
    private static final long EVERY_MILLIS = 2_000;

    private ClusterWatch() {}

    /**
     * Starts to watch from a thread of its own, as soon as the JobManager serves its REST interface.
     *
     * @param options those of the JobManager
     * @param lines takes a line for each restart and each failed checkpoint
     */
    public static void start(ClusterEntrypoint jobManager, Configuration options, Consumer<String> lines) {
        String host = options.get(RestOptions.BIND_ADDRESS);
        String reachable = host == null || host.equals("0.0.0.0") ? "127.0.0.1" : host;
        Thread thread = new Thread(
                () -> {
                    try {
                        FlinkRest rest = new FlinkRest(URI.create("http://" + reachable + ':' + awaitPort(jobManager)));
                        new JobWatch(new ClusterJobs(rest), lines).start(EVERY_MILLIS);
                    } catch (InterruptedException over) {
                        Thread.currentThread().interrupt();
                    }
                },
                "job-watch-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static int awaitPort(ClusterEntrypoint jobManager) throws InterruptedException {
        while (true) {
            try {
                return jobManager.getRestPort();
            } catch (RuntimeException notStarted) {
                Thread.sleep(EVERY_MILLIS);
            }
        }
    }
}
