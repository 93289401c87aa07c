package io.millrace.jobs.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.local.internal.FreePort;

/**
 * An Apicurio schema registry as a Java process of its own, for the demo and tests, on the loopback interface alone,
 * with compatibility BACKWARD. It can be stopped and started again on the same port with the same schemas, which lie in
 * a temporary folder. The process ends with this one, even if this one is killed.
 *
 * <p>The server is unpacked by the build into {@code target/apicurio}; the system property {@value #HOME} names another
 * folder.
 */
public final class LocalRegistry implements AutoCloseable {
    /** System property that names the folder of the unpacked server. */
    public static final String HOME = "millrace.registry.home";

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Path home;
    private final ProcessFolder temporary;
    private final Path folder;
    private final int port;
    private Process process;

    private LocalRegistry(Path home, ProcessFolder temporary, int port) {
        this.home = home;
        this.temporary = temporary;
        this.folder = temporary.path();
        this.port = FreePort.orFind(port);
    }

    /**
     * Starts a registry and waits until it is ready.
     *
     * @param port port to listen on, 0 for a free one
     * @throws IllegalStateException if it is not found or does not come up, with the reason
     */
    public static LocalRegistry start(int port) {
        try {
            LocalRegistry registry = new LocalRegistry(home(), ProcessFolder.create("registry"), port);
            registry.restart();
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary folder for the registry", e);
        }
    }

    /** Address for clients. */
    public String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** Configuration for clients, with defaults but for the address. */
    public RegistryConfig config() {
        return RegistryConfig.at(url());
    }

    /** Process id of the server while it runs. */
    public synchronized Optional<Long> processId() {
        return Optional.ofNullable(process).map(Process::pid);
    }

    /** Starts the server again on its port and schemas after {@link #stop}. */
    public synchronized void restart() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("The registry at " + url() + " is running");
        }
        try {
            process = new ProcessBuilder(command())
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                    .start();
            awaitReady();
            setBackwardCompatibility();
        } catch (IOException e) {
            stop();
            throw new IllegalStateException("The schema registry did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the schema registry started", e);
        }
    }

    private List<String> command() throws IOException {
        Path runner = runner();
        String mainClass;
        try (JarFile jar = new JarFile(runner.toFile())) {
            mainClass = jar.getManifest().getMainAttributes().getValue("Main-Class");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.log.level=WARN",
                "-Dquarkus.banner.enabled=false",
                // An id that was given out must outlive the process: no delay before it is written.
                "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.resolve("schemas")
                        + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0"));
        command.addAll(
                List.of("-cp", runner + File.pathSeparator + codeLocation(), ChildProcess.class.getName(), mainClass));
        return command;
    }

    private Path runner() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no *-runner.jar in " + home));
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IOException("it ended with status " + process.exitValue() + ": " + lastWords());
            }
            try {
                if (http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not listening yet
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("not ready after " + START_LIMIT.toSeconds() + " s: " + lastWords());
    }

    private void setBackwardCompatibility() throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url() + "/config"))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"compatibility\":\"BACKWARD\"}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("compatibility could not be set: " + answer.statusCode() + " " + answer.body());
        }
    }

    private Path logFile() {
        return folder.resolve("server.log");
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(logFile());
        return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    private static Path home() {
        Path home = Optional.ofNullable(System.getProperty(HOME)).map(Path::of).orElseGet(() -> {
            Path code = codeLocation();
            // the classes folder and the jar both lie in target, where the build puts the server too
            return Objects.requireNonNull(code.getParent()).resolve("apicurio");
        });
        if (!Files.isDirectory(home)) {
            throw new IllegalStateException("The schema registry server is not at " + home
                    + ": build with mvn package, or name its folder with -D" + HOME + "=FOLDER");
        }
        return home;
    }

    private static Path codeLocation() {
        try {
            return Path.of(LocalRegistry.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No path to the code of Millrace", e);
        }
    }

    /** Stops the server and keeps its schemas. */
    public synchronized void stop() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    /** Stops the server and deletes its schemas. */
    @Override
    public void close() {
        stop();
        try {
            temporary.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The registry's folder cannot be deleted", e);
        }
    }
}
