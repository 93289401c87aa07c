package io.millrace.jobs.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.lifecycle.Causes;

/** The REST interface of a JobManager. */
public final class FlinkRest {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final String SOMETHING_ELSE = "something else is there";
    private static final int LAST_PORT = 65_535;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
    private final URI address;
    private final Duration limit;

    /** {@code address}: without a path. */
    public FlinkRest(URI address) {
        this(address, ANSWER_LIMIT);
    }

    /** {@code limit}: how long an answer may take. */
    FlinkRest(URI address, Duration limit) {
        this.address = address;
        this.limit = limit;
    }

    /**
     * The interface at HOST:PORT.
     *
     * @throws IllegalArgumentException if it does not read so
     */
    public static FlinkRest at(String hostAndPort) {
        if (hostAndPort.matches("[^:/\\s]+:\\d{1,5}")) {
            URI address = URI.create("http://" + hostAndPort);
            // no host: a name that is none, such as one with an underscore
            if (address.getHost() != null && address.getPort() <= LAST_PORT) {
                return new FlinkRest(address);
            }
        }
        throw new IllegalArgumentException("the JobManager must be given as HOST:PORT, got " + hostAndPort);
    }

    /** Host of the address. */
    public String host() {
        return address.getHost();
    }

    /** Port of the address. */
    public int port() {
        return address.getPort();
    }

    /**
     * What it says at a path.
     *
     * @throws NotAnswering if nobody answers
     * @throws IllegalStateException if it refuses, with its reason
     */
    public JsonNode get(String path) {
        return send(HttpRequest.newBuilder(address.resolve(path)).GET(), path);
    }

    /**
     * What it answers to a message.
     *
     * @throws NotAnswering if nobody answers
     * @throws IllegalStateException if it refuses, with its reason
     */
    public JsonNode post(String path, Map<String, ?> message) {
        return send(
                HttpRequest.newBuilder(address.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                JSON.valueToTree(message).toString())),
                path);
    }

    /** The JobManager's own configuration. */
    public Map<String, String> configuration() {
        Map<String, String> options = new HashMap<>();
        get("/jobmanager/config")
                .forEach(entry -> options.put(
                        entry.get("key").asText(), entry.get("value").asText()));
        return options;
    }

    private JsonNode send(HttpRequest.Builder request, String path) {
        try {
            HttpResponse<String> answer =
                    http.send(request.timeout(limit).build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = JSON.readTree(answer.body());
            if (body.isMissingNode()) {
                throw somethingElse();
            }
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        "the JobManager at " + where() + " refuses " + path + ": " + reason(body));
            }
            return body;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the JobManager at " + where() + " was asked", e);
        } catch (IOException e) {
            throw new NotAnswering("no JobManager answers at " + where() + ": " + reason(e), e);
        }
    }

    /** An answer that is none of a JobManager's. */
    NotAnswering somethingElse() {
        return new NotAnswering("no JobManager answers at " + where() + ": " + SOMETHING_ELSE, null);
    }

    private static String reason(IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return "it takes too long";
        }
        if (failure instanceof ConnectException) {
            return failure.getCause() != null && failure.getCause().getCause() instanceof UnresolvedAddressException
                    ? "the name does not resolve"
                    : "the connection is refused";
        }
        return failure instanceof JsonProcessingException ? SOMETHING_ELSE : Causes.of(failure);
    }

    private static String reason(JsonNode body) {
        JsonNode errors = body.path("errors");
        return errors.isEmpty()
                ? body.toString()
                : Causes.ofTrace(errors.get(errors.size() - 1).asText());
    }

    private String where() {
        return address.getHost() + ':' + address.getPort();
    }

    /** Nobody answers at the address, or something that is no JobManager. */
    public static final class NotAnswering extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        NotAnswering(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
