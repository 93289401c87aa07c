package io.millrace.jobs.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Answers as a JobManager would, or as none would; a path that was given no answer is not found. */
public final class StubJobManager implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    private record Answer(int status, String body) {}

    public StubJobManager() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** HOST:PORT. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public ClusterJobs jobs() {
        return new ClusterJobs(FlinkRest.at(address()));
    }

    /** Answers a path so; given several times, one after the other, and the last from then on. */
    public StubJobManager on(String path, int status, String body) {
        synchronized (answers) {
            answers.computeIfAbsent(path, first -> new ArrayDeque<>()).add(new Answer(status, body));
        }
        return this;
    }

    public StubJobManager on(String path, String body) {
        return on(path, 200, body);
    }

    /** Forgets what it was told about a path. */
    public StubJobManager forget(String path) {
        synchronized (answers) {
            answers.remove(path);
        }
        return this;
    }

    /** What it was asked: method, path and body. */
    public List<String> asked() {
        synchronized (answers) {
            return List.copyOf(asked);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String message = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer answer;
        synchronized (answers) {
            asked.add((exchange.getRequestMethod() + " " + path + " " + message).strip());
            Deque<Answer> left = answers.get(path);
            answer = left == null
                    ? new Answer(404, "{\"errors\":[\"Not found: " + path + "\"]}")
                    : left.size() > 1 ? left.poll() : left.peek();
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
