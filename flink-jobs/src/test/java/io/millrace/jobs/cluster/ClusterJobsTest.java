package io.millrace.jobs.cluster;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.millrace.jobs.FlinkOptions;
import io.millrace.jobs.cli.Millrace;
import io.millrace.jobs.config.ConfigurationReader;
import io.millrace.jobs.config.JobConfiguration;
import io.millrace.jobs.lifecycle.StartingPoint;
import io.millrace.jobs.lifecycle.StateFolders;
import io.millrace.jobs.local.LocalCluster;
import io.millrace.jobs.local.LocalJob;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Jobs of a real cluster: watched, listed, stopped. */
@Timeout(120)
class ClusterJobsTest {
    private static final AtomicInteger FAILURES_DUE = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static LocalCluster cluster;
    private static String address;
    private static ClusterJobs jobs;

    @BeforeAll
    static void start() throws Exception {
        cluster = LocalCluster.start(2, 0, folder.resolve("flink"));
        address = "127.0.0.1:" + cluster.dashboard().getPort();
        jobs = new ClusterJobs(FlinkRest.at(address));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    private static void count(StreamExecutionEnvironment environment) {
        environment
                .fromSequence(0, Long.MAX_VALUE)
                .map(number -> {
                    if (FAILURES_DUE.getAndUpdate(due -> Math.max(0, due - 1)) > 0) {
                        throw new IllegalStateException("number " + number + " is odd");
                    }
                    Thread.sleep(1);
                    return number;
                })
                .returns(Long.class)
                .sinkTo(new DiscardingSink<>());
    }

    private static JobConfiguration configuration(String name) {
        return new JobConfiguration(
                name,
                new JobConfiguration.Kafka("b:1", Map.of()),
                new JobConfiguration.Registry("http://r", Map.of()),
                ConfigurationReader.of(
                        JobConfiguration.FlinkSettings.class,
                        Map.of(
                                "checkpoint-interval",
                                Duration.ofMillis(200),
                                "checkpoint-directory",
                                folder.resolve("checkpoints").toUri().toString(),
                                "state-backend",
                                "hashmap")),
                null,
                Map.of());
    }

    private static LocalJob submit(String name) throws Exception {
        LocalJob job = cluster.submit(configuration(name), ClusterJobsTest::count);
        job.awaitRunning(Duration.ofSeconds(60));
        return job;
    }

    private static String millrace(int code, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command =
                Millrace.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
        assertThat(command.execute(arguments)).as(out.toString()).isEqualTo(code);
        return out.toString();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        while (!condition.call()) { // up to the time-out of the test
            Thread.sleep(50);
        }
    }

    @Test
    void aRestartIsToldOnceWithItsCauseAndListed() throws Exception {
        List<String> lines = new ArrayList<>();
        JobWatch watch = new JobWatch(jobs, line -> {
            if (line.contains("restarting")) {
                lines.add(line);
            }
        });
        LocalJob job = submit("restarting");
        watch.look();
        assertThat(lines).isEmpty();
        FAILURES_DUE.set(1);
        await(() -> {
            watch.look();
            return !lines.isEmpty() && job.isRunning();
        });
        watch.look();
        assertThat(lines.stream().filter(line -> line.contains("restarts")))
                .singleElement()
                .asString()
                .contains("job restarting restarts: number ")
                .contains("is odd (in ");
        assertThat(millrace(0, "jobs", "--jobmanager", address))
                .contains("restarting  RUNNING  since ")
                .contains("restarts 1")
                .contains("newest failure: ")
                .contains("is odd");
        job.cancel();
    }

    @Test
    void aTaskManagerThatEndedIsReplacedAndTheJobGoesOn() throws Exception {
        LocalJob job = submit("replaced");
        await(() -> job.isRunning()
                && jobs.lastCheckpoint(jobs.running("replaced").orElseThrow().id())
                        .isPresent());
        cluster.endTaskManager();
        await(() -> cluster.taskManagers() == 0);
        cluster.startTaskManager();
        await(job::isRunning);
        assertThat(jobs.restarts(jobs.running("replaced").orElseThrow().id()))
                .hasValueSatisfying(restarts -> assertThat(restarts).isPositive());
        job.cancel();
    }

    @Test
    void aJobIsStoppedByItsNameAndGoesOnFromItsSavepoint() throws Exception {
        submit("stopped");
        StateFolders folders =
                StateFolders.in(FlinkOptions.of(configuration("stopped"))).orElseThrow();
        assertThat(jobs.running("stopped").flatMap(job -> jobs.folders(job.id())))
                .contains(folders);

        String said = millrace(0, "stop", "stopped", "--jobmanager", address);

        assertThat(StartingPoint.newest(folders))
                .hasValueSatisfying(state -> assertThat(said).contains("Stopped with savepoint " + state.uri()));
        assertThat(jobs.running("stopped")).isEmpty();
        assertThat(millrace(1, "stop", "stopped", "--jobmanager", address))
                .contains("no job of the name or id stopped runs");
    }

    @Test
    void aSavepointThatIsSentElsewhereIsFoundByTheNextRun() throws Exception {
        submit("sent");
        String directory = folder.resolve("elsewhere").toUri().toString();

        String said = millrace(0, "stop", "sent", "--jobmanager", address, "--savepoint-directory", directory);

        assertThat(said).contains("The job's next run goes on from it");
        assertThat(StartingPoint.newest(
                        StateFolders.in(FlinkOptions.of(configuration("sent"))).orElseThrow()))
                .hasValueSatisfying(state -> assertThat(state.uri()).contains("/elsewhere/savepoint-"));
    }

    @Test
    void aSavepointThatCannotBeWrittenIsSaidWithItsReason() throws Exception {
        LocalJob job = submit("unwritable");
        String noFolder = Files.createFile(folder.resolve("file")).toUri().toString();
        assertThatThrownBy(() -> job.stop(noFolder, Duration.ofSeconds(60)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("file");
        assertThatThrownBy(() -> job.stop(folder.resolve("late").toUri().toString(), Duration.ZERO))
                .hasMessageContaining("it was not complete within 0 s");
        job.cancel();
    }

    @Test
    void nobodyAtTheAddressIsSaidAtOnce() {
        assertThatThrownBy(() -> new ClusterJobs(FlinkRest.at("127.0.0.1:9")).all())
                .hasMessageStartingWith("no JobManager answers at 127.0.0.1:9");
        assertThatThrownBy(() -> FlinkRest.at("here")).hasMessageContaining("HOST:PORT");
    }
}
