package io.millrace.connectors.registry.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.connectors.registry.RegistryException;
import io.millrace.connectors.registry.SchemaRegistry;
import io.millrace.schemas.FlowRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against an HTTP server that answers as the test says. */
class ConfluentRegistryClientTest {
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String body = "{\"schema\":\"\\\"string\\\"\"}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private RegistryConfig config() {
        return RegistryConfig.at("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Test
    void withoutLoggingInThereIsNoHeader() throws Exception {
        assertThat(new ConfluentRegistryClient(config()).schemaById(1)).isEqualTo("\"string\"");
        assertThat(authorizations).containsExactly("null");
    }

    @Test
    void userAndPasswordGoIntoTheHeader() throws Exception {
        new ConfluentRegistryClient(config().with("basic.auth.user.info", "user:pass")).schemaById(1);
        assertThat(authorizations)
                .containsExactly(
                        "Basic " + Base64.getEncoder().encodeToString("user:pass".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theTokenGoesIntoTheHeader() throws Exception {
        new ConfluentRegistryClient(config().with("bearer.auth.token", "t0ken")).schemaById(1);
        assertThat(authorizations).containsExactly("Bearer t0ken");
    }

    @Test
    void tlsSettingsAreGivenToTheClientUnderItsOwnNames() {
        assertThat(ConfluentRegistryClient.clientSettings(
                        config().with("ssl.truststore.location", "/trust").with("client.proxy.host", "p")))
                .containsEntry("schema.registry.ssl.truststore.location", "/trust")
                .containsEntry("proxy.host", "p")
                .containsEntry("http.read.timeout.ms", 10000);
    }

    @ParameterizedTest
    @CsvSource({
        "404,40403,Refused",
        "409,409,Refused",
        "422,42201,Refused",
        "404,404,NotAnswering",
        "429,429,NotAnswering",
        "500,50001,NotAnswering",
        "503,503,NotAnswering",
        "401,401,Denied",
        "403,40301,Denied"
    })
    void onlyAnAnswerAboutTheSchemaOrTheCredentialsIsDefinite(int httpStatus, int code, String exception) {
        status = httpStatus;
        body = "{\"error_code\":" + code + ",\"message\":\"so it is\"}";
        assertThatThrownBy(() -> new ConfluentRegistryClient(config()).schemaById(1))
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(exception))
                .hasMessageContaining("so it is");
    }

    @Test
    void aServerThatIsNotThereDoesNotAnswer() {
        RegistryConfig config = config();
        server.stop(0);
        assertThatThrownBy(() -> new ConfluentRegistryClient(config).schemaById(1))
                .isInstanceOf(RegistryClient.NotAnswering.class);
    }

    @Test
    void aWrongPasswordIsToldAtOnceAndIsNoOutage() {
        status = 401;
        body = "{\"error_code\":401,\"message\":\"Unauthorized\"}";
        SchemaRegistry registry = SchemaRegistry.connect(config().with("basic.auth.user.info", "user:wr0ng"));
        assertThatThrownBy(registry::check)
                .isInstanceOf(RegistryException.Denied.class)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("basic.auth.user.info")
                .hasMessageNotContaining("wr0ng");
        assertThatThrownBy(() -> registry.idFor("s-value", FlowRecord.getClassSchema()))
                .isInstanceOf(RegistryException.Denied.class);
        assertThatThrownBy(() -> registry.schemaById(7)).isInstanceOf(RegistryException.Denied.class);
        assertThat(authorizations).hasSize(3);
    }

    @Test
    void aRegistryThatAnswersIsThereWhetherItHasTheSchemaOrNot() {
        SchemaRegistry.connect(config()).check();
        status = 404;
        body = "{\"error_code\":40403,\"message\":\"Schema not found\"}";
        SchemaRegistry.connect(config()).check();
        server.stop(0);
        assertThatThrownBy(() -> SchemaRegistry.connect(config()).check())
                .isInstanceOf(RegistryException.Outage.class)
                .hasMessageContaining("No schema registry answers at http://127.0.0.1");
    }
}
