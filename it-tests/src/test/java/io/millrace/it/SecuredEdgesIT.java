package io.millrace.it;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.jobs.cli.Millrace;
import io.millrace.jobs.local.LocalBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands against brokers that want SASL/PLAIN and a registry that wants a password. */
@ExtendWith(LocalInfrastructure.class)
@Timeout(120)
class SecuredEdgesIT {
    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final HttpClient http = HttpClient.newHttpClient();
    private final StringWriter said = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void commandsLogInAsTheirOptionsOrTheFileSay(LocalInfrastructure local) throws Exception {
        int port = freePort();
        HttpServer registry = guarded(local.registry().url());
        String url = "http://127.0.0.1:" + registry.getAddress().getPort();
        try (LocalBroker broker = LocalBroker.start(0, secured(port))) {
            Path file = Files.writeString(folder.resolve("job.yaml"), """
                    kafka:
                      bootstrap: 127.0.0.1:%d
                      properties:
                        security.protocol: SASL_PLAINTEXT
                        sasl.mechanism: PLAIN
                        sasl.jaas.config: '%s username="mill" password="race";'
                    registry: {url: '%s', properties: {basic.auth.user.info: 'mill:race'}}
                    """.formatted(port, MODULE, url));
            assertThat(run("simulate", "flows", "--fast", "--count", "20", "--config", file.toString()))
                    .as(said.toString())
                    .isZero();
            assertThat(run("dlq", "list", "millrace.intrusion.flows", "--config", file.toString()))
                    .as(said.toString())
                    .isZero();
            assertThat(said.toString()).contains("20 records are no letters");
            assertThat(run(
                            "alerts",
                            "--topic=millrace.intrusion.flows",
                            "--bootstrap=127.0.0.1:" + port,
                            "--registry=" + url,
                            "--registry-property=basic.auth.user.info=mill:race",
                            "--property=security.protocol=SASL_PLAINTEXT",
                            "--property=sasl.mechanism=PLAIN",
                            "--property=sasl.jaas.config=" + MODULE + " username=\"mill\" password=\"race\";"))
                    .as(said.toString())
                    .isZero();
            assertThat(said.toString()).contains("20 records are no alerts");

            assertThat(run("alerts", "--config", file.toString(), "--registry-property=basic.auth.user.info=mill:w"))
                    .isEqualTo(1);
            assertThat(said.toString().lines()).hasSize(1);
            assertThat(said.toString())
                    .contains("does not accept the credentials")
                    .contains(url);
        } finally {
            registry.stop(0);
        }
    }

    private static Map<String, String> secured(int port) {
        return Map.of(
                "listeners", "SASL_PLAINTEXT://127.0.0.1:" + port,
                "advertised.listeners", "SASL_PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map", "SASL_PLAINTEXT:SASL_PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN",
                "listener.name.sasl_plaintext.plain.sasl.jaas.config", MODULE + " user_mill=\"race\";");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A registry that lets in nobody but mill, whose password is race. */
    private HttpServer guarded(String behind) throws IOException {
        String right = "Basic " + Base64.getEncoder().encodeToString("mill:race".getBytes(StandardCharsets.UTF_8));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (right.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                pass(exchange, URI.create(behind + exchange.getRequestURI()));
            } else {
                answer(
                        exchange,
                        401,
                        "{\"error_code\":401,\"message\":\"Unauthorized\"}".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
        return server;
    }

    private void pass(HttpExchange exchange, URI target) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        HttpRequest request = HttpRequest.newBuilder(target)
                .method(
                        exchange.getRequestMethod(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                exchange.getRequestBody().readAllBytes()))
                .header("Content-Type", type == null ? "application/json" : type)
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private int run(String... arguments) {
        said.getBuffer().setLength(0);
        CommandLine millrace = Millrace.commandLine();
        PrintWriter both = new PrintWriter(said, true);
        millrace.setOut(both);
        millrace.setErr(both);
        return millrace.execute(arguments);
    }
}
