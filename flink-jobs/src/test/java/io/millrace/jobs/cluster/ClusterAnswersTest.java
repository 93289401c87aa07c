package io.millrace.jobs.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.millrace.jobs.lifecycle.StateFolders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What {@link ClusterJobs} makes of answers, those too that no cluster of a test can be brought to give. */
@Timeout(30)
class ClusterAnswersTest {
    private StubJobManager server;
    private ClusterJobs jobs;

    @BeforeEach
    void start() throws IOException {
        server = new StubJobManager();
        jobs = server.jobs();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theJobOfANameIsTheLastThatWasSubmittedAndHasNotEnded() {
        server.on("/jobs/overview", """
                {"jobs":[
                  {"jid":"a1","name":"flows","state":"RUNNING","start-time":1000},
                  {"jid":"b2","name":"flows","state":"RESTARTING","start-time":3000},
                  {"jid":"c3","name":"flows","state":"CANCELED","start-time":9000},
                  {"jid":"d4","name":"words","state":"FINISHED","start-time":2000}]}""");
        assertThat(jobs.all()).extracting(JobSummary::id).containsExactly("a1", "b2", "c3", "d4");
        assertThat(jobs.running("flows"))
                .contains(new JobSummary("b2", "flows", "RESTARTING", Instant.ofEpochMilli(3000)));
        assertThat(jobs.running("a1")).map(JobSummary::name).contains("flows");
        assertThat(jobs.running("words")).as("it has ended").isEmpty();
        assertThat(jobs.running("c3")).as("it has ended").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"status\":\"UP\"}", "{\"jobs\":[{}]}", "{\"jobs\":[{\"jid\":\"a\"}]}", "7"})
    void jsonOfSomethingElseIsNoClusterWithoutJobs(String answer) {
        server.on("/jobs/overview", answer);
        assertThatThrownBy(jobs::all)
                .isInstanceOf(FlinkRest.NotAnswering.class)
                .hasMessage("no JobManager answers at " + server.address() + ": something else is there");
    }

    @Test
    void everyTaskMustRunForAJobToRun() {
        server.on("/jobs/a", "{\"state\":\"RUNNING\",\"vertices\":[{\"status\":\"RUNNING\"},{\"status\":\"CREATED\"}]}")
                .on(
                        "/jobs/a",
                        "{\"state\":\"RUNNING\",\"vertices\":[{\"status\":\"RUNNING\"},{\"status\":\"RUNNING\"}]}")
                .on("/jobs/a", "{\"state\":\"FAILING\",\"vertices\":[{\"status\":\"RUNNING\"}]}");
        assertThat(jobs.isRunning("a")).isFalse();
        assertThat(jobs.isRunning("a")).isTrue();
        assertThat(jobs.isRunning("a")).isFalse();
        assertThat(jobs.state("a")).isEqualTo("FAILING");
    }

    @Test
    void restartsAreAskedForUntilTheClusterHasGatheredThem() throws InterruptedException {
        server.on("/jobs/a/metrics?get=numRestarts", "[]")
                .on("/jobs/a/metrics?get=numRestarts", "[{\"id\":\"numRestarts\",\"value\":\"4\"}]");
        assertThat(jobs.restarts("a")).contains(4L);
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void theLastCheckpointIsTheOneCompletedOrElseTheOneRestored() {
        server.on("/jobs/a/checkpoints", "{\"latest\":{\"completed\":null,\"restored\":null}}")
                .on("/jobs/a/checkpoints", """
                        {"latest":{"completed":null,
                          "restored":{"id":6,"restore_timestamp":500,"external_path":"file:/x/chk-6"}}}""")
                .on("/jobs/a/checkpoints", """
                        {"latest":{"completed":{"id":7,"latest_ack_timestamp":900,"external_path":"file:/x/chk-7"},
                          "restored":{"id":6,"restore_timestamp":500,"external_path":"file:/x/chk-6"}}}""")
                .on("/jobs/a/checkpoints", """
                        {"latest":{"completed":{"id":8,"latest_ack_timestamp":950,
                          "external_path":"<checkpoint-not-externally-addressable>"}}}""");
        assertThat(jobs.lastCheckpoint("a")).isEmpty();
        assertThat(jobs.lastCheckpoint("a"))
                .contains(new CheckpointSummary(
                        6, Instant.ofEpochMilli(500), Optional.of("file:/x/chk-6"), Optional.empty()));
        assertThat(jobs.lastCheckpoint("a"))
                .contains(new CheckpointSummary(
                        7, Instant.ofEpochMilli(900), Optional.of("file:/x/chk-7"), Optional.empty()));
        assertThat(jobs.lastCheckpoint("a").orElseThrow().path())
                .as("one in memory is nowhere")
                .isEmpty();
    }

    @Test
    void failedCheckpointsComeOldestFirstWithTheirCause() {
        server.on("/jobs/a/checkpoints", """
                {"history":[
                  {"id":5,"status":"FAILED","failure_timestamp":50,
                   "failure_message":"a.b.CheckpointException: declined\\nCaused by: java.io.IOException: disk full"},
                  {"id":4,"status":"COMPLETED"},
                  {"id":3,"status":"FAILED","failure_timestamp":30}]}""");
        assertThat(jobs.failedCheckpoints("a"))
                .containsExactly(
                        new CheckpointSummary(3, Instant.ofEpochMilli(30), Optional.empty(), Optional.empty()),
                        new CheckpointSummary(5, Instant.ofEpochMilli(50), Optional.empty(), Optional.of("disk full")));
    }

    @Test
    void failuresComeOldestFirstAndNameTheirTaskUnlessTheWholeJobFailed() {
        server.on("/jobs/a/exceptions", """
                {"exceptionHistory":{"entries":[
                  {"timestamp":20,"stacktrace":"java.lang.RuntimeException: second","taskName":"Judge (1/2)"},
                  {"timestamp":10,"stacktrace":"java.lang.RuntimeException: first","taskName":"(global failure)"},
                  {"timestamp":30,"stacktrace":"java.lang.RuntimeException: third","taskName":null}]}}""");
        assertThat(jobs.failures("a"))
                .containsExactly(
                        new JobFailure(Instant.ofEpochMilli(10), "first"),
                        new JobFailure(Instant.ofEpochMilli(20), "second (in Judge (1/2))"),
                        new JobFailure(Instant.ofEpochMilli(30), "third"));
    }

    @Test
    void theFoldersOfAJobAreThoseItWasStartedWith() {
        server.on("/jobs/a/config", """
                {"execution-config":{"user-config":{"millrace.checkpoints":"file:/c/a","millrace.savepoints":"file:/s/a"}}}""")
                .on(
                        "/jobs/b/config",
                        "{\"execution-config\":{\"user-config\":{\"millrace.checkpoints\":\"file:/c/b\"}}}")
                .on("/jobs/c/config", "{\"jid\":\"c\"}");
        assertThat(jobs.folders("a")).contains(new StateFolders("file:/c/a", "file:/s/a"));
        assertThat(jobs.folders("b")).isEmpty();
        assertThat(jobs.folders("c")).isEmpty();
    }

    @Test
    void aStopWaitsForItsSavepoint() throws InterruptedException {
        server.on("/jobs/a/stop", 202, "{\"request-id\":\"r1\"}")
                .on("/jobs/a/savepoints/r1", "{\"status\":{\"id\":\"IN_PROGRESS\"}}")
                .on("/jobs/a/savepoints/r1", """
                        {"status":{"id":"COMPLETED"},"operation":{"location":"file:/s/savepoint-1"}}""");
        assertThat(jobs.stop("a", "file:/s", true, Duration.ofSeconds(20))).isEqualTo("file:/s/savepoint-1");
        assertThat(server.asked().get(0))
                .startsWith("POST /jobs/a/stop ")
                .contains("\"targetDirectory\":\"file:/s\"", "\"drain\":true", "\"formatType\":\"CANONICAL\"");
    }

    @Test
    void aStopWithoutASavepointSaysWhy() {
        server.on("/jobs/a/stop", 202, "{\"request-id\":\"r1\"}").on("/jobs/a/savepoints/r1", """
                {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{
                  "stack-trace":"a.StopException: x\\nCaused by: java.io.IOException: no space left"}}}""");
        assertThatThrownBy(() -> jobs.stop("a", "file:/s", false, Duration.ofSeconds(20)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no space left");
    }

    @Test
    void aStopThatIsNotUnderstoodIsSaid() {
        server.on("/jobs/a/stop", 202, "{}");
        assertThatThrownBy(() -> jobs.stop("a", "file:/s", false, Duration.ofSeconds(20)))
                .isInstanceOf(FlinkRest.NotAnswering.class)
                .hasMessageContaining("something else is there");
    }
}
