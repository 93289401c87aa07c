package io.millrace.it.recovery;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.jobs.cli.Millrace;
import io.millrace.jobs.local.ChildProcess;
import org.awaitility.Awaitility;

/** A Flink cluster of operating system processes: one JobManager, and TaskManagers of one slot that can be killed. */
final class FlinkCluster implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path logs;
    private final int restPort = freePort();
    private final int rpcPort = freePort();
    private final Process jobManager;
    private final Map<String, Process> taskManagers = new LinkedHashMap<>();
    private int started;

    /**
     * Starts the processes; returns when every TaskManager has registered.
     *
     * @param logs folder for what the processes say
     */
    FlinkCluster(int size, Path logs) throws Exception {
        this.logs = logs;
        Files.createDirectories(logs);
        jobManager = start("jobmanager", "jobmanager", "rest.port=" + restPort);
        for (int i = 0; i < size; i++) {
            startTaskManager();
        }
        Awaitility.await("every TaskManager registers; logs in " + logs)
                .atMost(START_LIMIT)
                .ignoreExceptions()
                .until(() -> rest("/taskmanagers").get("taskmanagers").size() == size);
    }

    /** Starts one more TaskManager; returns before it has registered. */
    void startTaskManager() throws IOException {
        String id = "taskmanager-" + ++started;
        taskManagers.put(id, start(id, "taskmanager", "taskmanager.resource-id=" + id));
    }

    private Process start(String name, String role, String option) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        // module openings, as this process was given them
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-Dai.djl.offline=true", "-DPYTORCH_FLAVOR=cpu", "-Dmillrace.log.level=WARN"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ChildProcess.class.getName(), Millrace.class.getName(), "cluster", role));
        for (String setting : List.of(
                option,
                "jobmanager.rpc.port=" + rpcPort,
                "heartbeat.interval=500",
                "heartbeat.timeout=15000",
                "metrics.fetcher.update-interval=500")) {
            command.addAll(List.of("-D", setting));
        }
        File log = logs.resolve(name + ".log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Port of the REST interface on the loopback interface. */
    int restPort() {
        return restPort;
    }

    /** Whether a TaskManager of this id lives. */
    boolean isAlive(String id) {
        return taskManagers.containsKey(id);
    }

    /** Kills a TaskManager with SIGKILL; returns when the process is gone. */
    void kill(String id) throws InterruptedException {
        Process process = taskManagers.remove(id);
        if (!process.isAlive()) {
            throw new IllegalStateException(id + " had ended by itself with status " + process.exitValue());
        }
        process.destroyForcibly();
        int status = process.waitFor();
        if (status != 128 + 9) {
            throw new IllegalStateException(id + " was not killed but ended with status " + status);
        }
    }

    /** What the REST interface says at a path. */
    JsonNode rest(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() throws InterruptedException {
        List<Process> all = new ArrayList<>(taskManagers.values());
        all.add(jobManager);
        all.forEach(Process::destroyForcibly);
        for (Process process : all) {
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
