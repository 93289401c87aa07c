package io.millrace.jobs.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class JobWatchTest {
    private final List<String> lines = new ArrayList<>();
    private StubJobManager server;
    private JobWatch watch;

    @BeforeEach
    void start() throws IOException {
        server = new StubJobManager();
        watch = new JobWatch(server.jobs(), lines::add);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void jobIs(String state) {
        server.forget("/jobs/overview")
                .on(
                        "/jobs/overview",
                        "{\"jobs\":[{\"jid\":\"a\",\"name\":\"flows\",\"state\":\"" + state + "\",\"start-time\":1}]}");
    }

    private void failures(String... entries) {
        server.forget("/jobs/a/exceptions")
                .on("/jobs/a/exceptions", "{\"exceptionHistory\":{\"entries\":[" + String.join(",", entries) + "]}}");
    }

    private void checkpoints(String... history) {
        server.forget("/jobs/a/checkpoints")
                .on("/jobs/a/checkpoints", "{\"history\":[" + String.join(",", history) + "]}");
    }

    private static String failure(long time, String message) {
        return "{\"timestamp\":" + time + ",\"stacktrace\":\"java.lang.RuntimeException: " + message + "\"}";
    }

    private static String failedCheckpoint(int id, String message) {
        return "{\"id\":" + id + ",\"status\":\"FAILED\",\"failure_timestamp\":1000"
                + (message == null ? "}" : ",\"failure_message\":\"" + message + "\"}");
    }

    @Test
    void eachFailureIsToldOnce() {
        jobIs("RUNNING");
        checkpoints();
        failures(failure(1000, "one"));
        watch.look();
        watch.look();
        assertThat(lines).singleElement().asString().endsWith("job flows restarts: one");
        failures(failure(1000, "one"), failure(2000, "two"));
        watch.look();
        assertThat(lines).hasSize(2).last().asString().endsWith("job flows restarts: two");
    }

    @Test
    void theLastFailureOfAJobIsNoRestart() {
        jobIs("FAILED");
        checkpoints();
        failures(failure(1000, "too often"));
        watch.look();
        assertThat(lines).singleElement().asString().endsWith("job flows failed: too often");
    }

    @Test
    void eachFailedCheckpointIsToldOnce() {
        jobIs("RUNNING");
        failures();
        checkpoints(failedCheckpoint(3, null));
        watch.look();
        checkpoints(failedCheckpoint(4, "java.io.IOException: disk full"), failedCheckpoint(3, null));
        watch.look();
        watch.look();
        assertThat(lines)
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("checkpoint 3 of job flows failed: no reason is given"),
                        second -> assertThat(second).endsWith("checkpoint 4 of job flows failed: disk full"));
    }

    @Test
    void aJobThatIsBeingSetUpIsNotAsked() {
        jobIs("INITIALIZING");
        watch.look();
        assertThat(server.asked()).containsExactly("GET /jobs/overview");
    }

    @Test
    void aClusterThatCannotAnswerIsAskedAgain() {
        server.on("/jobs/overview", 503, "{\"errors\":[\"leader is being elected\"]}");
        watch.look();
        server.forget("/jobs/overview").on("/jobs/overview", "{\"odd\":1}");
        watch.look();
        assertThat(lines).isEmpty();
        jobIs("RUNNING");
        failures(failure(1000, "one"));
        checkpoints();
        watch.look();
        assertThat(lines).hasSize(1);
    }

    @Test
    void aJobThatIsForgottenByTheClusterIsForgottenHere() {
        jobIs("RUNNING");
        checkpoints();
        failures(failure(1000, "one"));
        watch.look();
        server.forget("/jobs/overview").on("/jobs/overview", "{\"jobs\":[]}");
        watch.look();
        jobIs("RUNNING");
        watch.look();
        assertThat(lines).as("an id that comes again is new").hasSize(2);
    }

    @Test
    void itLooksByItselfUntilItIsInterrupted() throws InterruptedException {
        jobIs("RUNNING");
        checkpoints();
        failures(failure(1000, "one"));
        CountDownLatch told = new CountDownLatch(1);
        Thread thread = new JobWatch(server.jobs(), line -> told.countDown()).start(1);
        assertThat(thread.isDaemon()).as("does not hold the process").isTrue();
        told.await();
        thread.interrupt();
        thread.join();
    }
}
