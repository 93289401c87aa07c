package io.millrace.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

import io.millrace.jobs.cluster.StubJobManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code jobs} and {@code stop}, against answers of a JobManager. */
@Timeout(30)
class ClusterCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private StubJobManager server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = new StubJobManager();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int millrace(String... arguments) {
        return Millrace.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private int jobs(String... more) {
        String[] all = {"jobs", "--jobmanager", server.address()};
        String[] arguments = Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, arguments, all.length, more.length);
        return millrace(arguments);
    }

    private static String time(long millis) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
                .format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }

    private void twoJobs() {
        server.on("/jobs/overview", """
                {"jobs":[
                  {"jid":"b2","name":"words","state":"FINISHED","start-time":5000},
                  {"jid":"a1","name":"flows","state":"RUNNING","start-time":1000}]}""")
                .on("/jobs/a1/metrics?get=numRestarts", "[{\"value\":\"1\"}]")
                .on("/jobs/a1/exceptions", """
                        {"exceptionHistory":{"entries":[
                          {"timestamp":3000,"stacktrace":"java.lang.RuntimeException: newest"},
                          {"timestamp":2000,"stacktrace":"java.lang.RuntimeException: older"}]}}""")
                .on("/jobs/a1/checkpoints", """
                        {"latest":{"completed":{"id":7,"latest_ack_timestamp":9000,"external_path":"file:/c/chk-7"}}}""")
                .on("/jobs/b2/metrics?get=numRestarts", "[{\"value\":\"0\"}]")
                .on("/jobs/b2/exceptions", "{}")
                .on("/jobs/b2/checkpoints", """
                        {"latest":{"completed":{"id":2,"latest_ack_timestamp":9000,"external_path":"<in memory>"}}}""");
    }

    @Test
    void aJobIsListedWithWhatHappenedToIt() {
        twoJobs();
        assertThat(jobs()).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "a1  flows  RUNNING  since " + time(1000) + "  restarts 2",
                        "    last checkpoint: 7, " + time(9000) + ", file:/c/chk-7",
                        "    newest failure: " + time(3000) + ", newest");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void jobsThatHaveEndedAreListedWhenAskedFor() {
        twoJobs();
        assertThat(jobs("--all")).isZero();
        assertThat(out.toString().lines())
                .hasSize(5)
                .contains(
                        "b2  words  FINISHED  since " + time(5000) + "  restarts 0",
                        "    last checkpoint: 2, " + time(9000) + ", in the JobManager's memory");
    }

    @Test
    void aClusterWithoutJobsSaysSo() {
        server.on("/jobs/overview", "{\"jobs\":[]}");
        assertThat(jobs()).isZero();
        assertThat(out.toString()).isEqualTo("No job runs on " + server.address() + "." + System.lineSeparator());
    }

    @Test
    void whatIsNoClusterIsAFailureInOneLine() {
        server.on("/jobs/overview", "<html>");
        assertThat(jobs()).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip())
                .isEqualTo("millrace jobs: no JobManager answers at " + server.address() + ": something else is there");
    }

    @Test
    void aJobThatDoesNotRunCannotBeStopped() {
        twoJobs();
        assertThat(millrace("stop", "words", "--jobmanager", server.address())).isEqualTo(1);
        assertThat(err.toString()).contains("no job of the name or id words runs on " + server.address());
    }

    @Test
    void twoJobsOfOneNameAreToldApartById() {
        server.on("/jobs/overview", """
                {"jobs":[{"jid":"a1","name":"flows","state":"RUNNING","start-time":1},
                         {"jid":"b2","name":"flows","state":"RUNNING","start-time":2}]}""");
        assertThat(millrace("stop", "flows", "--jobmanager", server.address())).isEqualTo(1);
        assertThat(err.toString()).contains("2 jobs named flows run: name one by its id, [a1, b2]");
    }

    @Test
    void aJobWithoutADirectoryForSavepointsNeedsOne() {
        twoJobs();
        server.on("/jobs/a1/config", "{}");
        assertThat(millrace("stop", "flows", "--jobmanager", server.address())).isEqualTo(2);
        assertThat(err.toString())
                .contains("the job has no directory for savepoints: name one with --savepoint-directory");
        assertThat(out.toString()).isEmpty();
    }

    private void config() {
        server.on(
                "/jobs/a1/config",
                "{\"execution-config\":{\"user-config\":{\"millrace.checkpoints\":\"" + folder.toUri()
                        + "c\",\"millrace.savepoints\":\"" + folder.toUri() + "s\"}}}");
    }

    @Test
    void aSavepointThatFailsIsToldWithTheLastCheckpoint() {
        twoJobs();
        config();
        server.on("/jobs/a1/stop", 202, "{\"request-id\":\"r\"}").on("/jobs/a1/savepoints/r", """
                {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"stack-trace":"java.io.IOException: full"}}}""");
        assertThat(millrace("stop", "a1", "--jobmanager", server.address())).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("millrace stop: there is no savepoint, and the job runs on unless it failed: full; its last"
                        + " checkpoint is file:/c/chk-7");
    }

    @Test
    void aSavepointElsewhereIsNotedBesideTheCheckpoints() {
        twoJobs();
        config();
        server.on("/jobs/a1/stop", 202, "{\"request-id\":\"r\"}")
                .on(
                        "/jobs/a1/savepoints/r",
                        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"file:/e/1\"}}");
        assertThat(millrace(
                        "stop",
                        "flows",
                        "--drain",
                        "--jobmanager",
                        server.address(),
                        "--savepoint-directory",
                        "file:/e"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "Stopping flows (a1) with a savepoint ...",
                        "Stopped with savepoint file:/e/1.",
                        "The job's next run goes on from it.");
        assertThat(folder.resolve("c/_stopped")).content().isEqualTo("{\"savepoint\":\"file:/e/1\"}");
        assertThat(server.asked())
                .anySatisfy(asked -> assertThat(asked)
                        .startsWith("POST /jobs/a1/stop")
                        .contains("\"drain\":true", "\"targetDirectory\":\"file:/e\""));
    }

    @Test
    void aSavepointElsewhereOfAJobWithoutFoldersMustBeNamedNextTime() {
        twoJobs();
        server.on("/jobs/a1/config", "{}")
                .on("/jobs/a1/stop", 202, "{\"request-id\":\"r\"}")
                .on(
                        "/jobs/a1/savepoints/r",
                        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"file:/e/1\"}}");
        assertThat(millrace("stop", "a1", "--jobmanager", server.address(), "--savepoint-directory", "file:/e"))
                .isZero();
        assertThat(out.toString()).contains("Go on from it with --from-savepoint file:/e/1.");
    }

    @Test
    void aConfigurationFolderWithoutFlinksFileIsNamed() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(millrace("cluster", "jobmanager", "--config", empty.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("millrace cluster jobmanager: --config: ")
                .contains(empty.toString());
        assertThat(millrace("cluster")).isEqualTo(2);
        assertThat(err.toString()).contains("say which process to start: jobmanager or taskmanager");
    }
}
