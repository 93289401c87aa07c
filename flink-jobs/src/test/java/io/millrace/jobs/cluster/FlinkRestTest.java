package io.millrace.jobs.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
class FlinkRestTest {
    private StubJobManager server;
    private FlinkRest rest;

    @BeforeEach
    void start() throws IOException {
        server = new StubJobManager();
        rest = FlinkRest.at(server.address());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anAnswerIsReadAndAMessageSentAsJson() {
        server.on("/overview", "{\"slots\": 3}").on("/jobs/a/stop", 202, "{\"request-id\":\"r\"}");
        assertThat(rest.get("/overview").get("slots").asInt()).isEqualTo(3);
        assertThat(rest.post("/jobs/a/stop", Map.of("drain", true))
                        .get("request-id")
                        .asText())
                .isEqualTo("r");
        assertThat(server.asked()).containsExactly("GET /overview", "POST /jobs/a/stop {\"drain\":true}");
    }

    @Test
    void itsConfigurationIsAMapOfKeys() {
        server.on("/jobmanager/config", "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b.c\",\"value\":\"x y\"}]");
        assertThat(rest.configuration()).isEqualTo(Map.of("a", "1", "b.c", "x y"));
    }

    @Test
    void aRefusalIsToldWithItsLastReasonAndWithoutTheTrace() {
        server.on(
                "/jobs/a",
                500,
                "{\"errors\":[\"Internal server error.\",\"org.example.OuterException: outer\\n\\tat a.B(B.java:1)\\n"
                        + "Caused by: java.lang.IllegalStateException: the disk is full\\n\\t... 3 more\"]}");
        assertThatThrownBy(() -> rest.get("/jobs/a"))
                .isInstanceOf(IllegalStateException.class)
                .isNotInstanceOf(FlinkRest.NotAnswering.class)
                .hasMessage("the JobManager at " + server.address() + " refuses /jobs/a: the disk is full");
        assertThatThrownBy(() -> rest.get("/none")).hasMessageEndingWith("refuses /none: Not found: /none");
    }

    @Test
    void aRefusalWithoutReasonsIsToldAsItStands() {
        server.on("/jobs/a", 403, "{\"why\":\"no\"}");
        assertThatThrownBy(() -> rest.get("/jobs/a")).hasMessageEndingWith("refuses /jobs/a: {\"why\":\"no\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>It works!</html>", "{\"jobs\": [", "plainly wrong"})
    void whatIsNoJsonComesFromSomethingElse(String body) {
        server.on("/jobs", body);
        assertThatThrownBy(() -> rest.get("/jobs"))
                .isInstanceOf(FlinkRest.NotAnswering.class)
                .hasMessage("no JobManager answers at " + server.address() + ": something else is there");
    }

    @Test
    void aPageThatIsNotFoundOnAnotherServerIsNoRefusalOfAJobManager() {
        server.on("/jobs", 404, "<h1>404</h1>");
        assertThatThrownBy(() -> rest.get("/jobs")).hasMessageEndingWith("something else is there");
    }

    @Test
    void anEmptyAnswerComesFromSomethingElse() {
        server.on("/jobs", 200, "");
        assertThatThrownBy(() -> rest.get("/jobs")).hasMessageEndingWith("something else is there");
    }

    @Test
    void oneThatListensAndSaysNothingTakesTooLong() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            assertThatThrownBy(() -> new FlinkRest(address, Duration.ofMillis(100)).get("/jobs"))
                    .isInstanceOf(FlinkRest.NotAnswering.class)
                    .hasMessage("no JobManager answers at 127.0.0.1:" + silent.getLocalPort() + ": it takes too long");
        }
    }

    @Test
    void oneThatHangsUpDoesNotAnswer() throws IOException {
        try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        rude.accept().close();
                    }
                } catch (IOException closed) {
                    // the test is over
                }
            });
            thread.setDaemon(true);
            thread.start();
            assertThatThrownBy(() ->
                            FlinkRest.at("127.0.0.1:" + rude.getLocalPort()).get("/jobs"))
                    .isInstanceOf(FlinkRest.NotAnswering.class)
                    .hasMessageStartingWith("no JobManager answers at 127.0.0.1:" + rude.getLocalPort() + ": ");
        }
    }

    @Test
    void nobodyThereIsARefusedConnection() throws IOException {
        int free;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = gone.getLocalPort();
        }
        assertThatThrownBy(() -> FlinkRest.at("127.0.0.1:" + free).get("/jobs"))
                .hasMessage("no JobManager answers at 127.0.0.1:" + free + ": the connection is refused");
    }

    @Test
    void aThreadThatIsInterruptedSaysSoAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> rest.get("/jobs"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("interrupted while the JobManager at " + server.address() + " was asked");
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "here", "http://here:8081", "here:8081/x", "here:", ":8081", "a b:1", "here:65536", "a_b:1"})
    void anAddressIsAHostAndAPort(String wrong) {
        assertThatThrownBy(() -> FlinkRest.at(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the JobManager must be given as HOST:PORT, got " + wrong);
    }

    @Test
    void theAddressIsTakenApart() {
        FlinkRest there = FlinkRest.at("flink.example:65535");
        assertThat(there.host()).isEqualTo("flink.example");
        assertThat(there.port()).isEqualTo(65_535);
    }
}
