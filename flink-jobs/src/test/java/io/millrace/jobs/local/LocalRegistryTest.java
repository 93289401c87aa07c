package io.millrace.jobs.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The process of the registry, with servers in its place that are packed here. */
@Timeout(60)
class LocalRegistryTest {
    private String before;

    @TempDir
    private Path home;

    @BeforeEach
    void pointHere() {
        before = System.getProperty(LocalRegistry.HOME);
        System.setProperty(LocalRegistry.HOME, home.toString());
    }

    @AfterEach
    void giveBack() {
        if (before == null) {
            System.clearProperty(LocalRegistry.HOME);
        } else {
            System.setProperty(LocalRegistry.HOME, before);
        }
    }

    /** Ends at once, with a word. */
    public static final class Broken {
        private Broken() {}

        public static void main(String[] arguments) {
            System.out.println("the database is locked");
            System.exit(3);
        }
    }

    /** Is ready at once, and takes what it is configured with only if it is compatibility. */
    public static final class Ready {
        private Ready() {}

        public static void main(String[] arguments) throws IOException {
            int port = Integer.getInteger("quarkus.http.port");
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            String[] set = {""};
            server.createContext("/", exchange -> {
                String message = new String(exchange.getRequestBody().readAllBytes());
                if (exchange.getRequestMethod().equals("PUT")) {
                    set[0] = exchange.getRequestURI() + " " + message;
                }
                byte[] answer = set[0].getBytes();
                exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
        }
    }

    /** Packs a class as the server of the registry. */
    private void pack(Class<?> main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        String entry = main.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(home.resolve("server-runner.jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream code = main.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
        }
    }

    private static String get(String address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void aServerThatIsNotUnpackedIsSaidWithTheRemedy() throws IOException {
        System.setProperty(LocalRegistry.HOME, home.resolve("none").toString());
        assertThatThrownBy(() -> LocalRegistry.start(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The schema registry server is not at " + home.resolve("none")
                        + ": build with mvn package, or name its folder with -Dmillrace.registry.home=FOLDER");
        System.setProperty(LocalRegistry.HOME, home.toString());
        assertThatThrownBy(() -> LocalRegistry.start(0))
                .hasMessage("The schema registry did not start: no *-runner.jar in " + home);
    }

    @Test
    void aServerThatEndsIsToldByItsLastWords() throws IOException {
        pack(Broken.class);
        assertThatThrownBy(() -> LocalRegistry.start(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The schema registry did not start: it ended with status 3: ")
                .hasMessageEndingWith("the database is locked");
    }

    @Test
    void aServerIsSetUpStoppedAndStartedAgainAtItsPort() throws Exception {
        pack(Ready.class);
        try (LocalRegistry registry = LocalRegistry.start(0)) {
            assertThat(registry.url()).matches("http://127\\.0\\.0\\.1:\\d+/apis/ccompat/v7");
            assertThat(registry.config().urls()).containsExactly(registry.url());
            assertThat(get(registry.url())).isEqualTo("/apis/ccompat/v7/config {\"compatibility\":\"BACKWARD\"}");
            long first = registry.processId().orElseThrow();
            assertThatThrownBy(registry::restart)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("The registry at " + registry.url() + " is running");
            String url = registry.url();
            registry.stop();
            assertThat(registry.processId()).isEmpty();
            assertThat(ProcessHandle.of(first).filter(ProcessHandle::isAlive)).isEmpty();
            registry.stop();
            registry.restart();
            assertThat(registry.url()).isEqualTo(url);
            assertThat(registry.processId()).isPresent().get().isNotEqualTo(first);
        }
    }
}
