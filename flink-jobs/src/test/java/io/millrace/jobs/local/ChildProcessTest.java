package io.millrace.jobs.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class ChildProcessTest {

    /** Says its arguments, then does as the first one says. */
    public static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("started " + Arrays.toString(arguments));
            switch (arguments[0]) {
                case "serve" -> TimeUnit.SECONDS.sleep(60);
                case "fail" -> throw new IllegalStateException("port 7 is taken");
                default -> System.out.println("done");
            }
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ChildProcess.class.getName(),
                Server.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Test
    void itEndsWhenTheOneThatStartedItLetsGo() throws Exception {
        Process child = start("serve", "now");
        try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("started [serve, now]");
            assertThat(child.isAlive()).isTrue();
            child.outputWriter().close();
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aFailureIsSaidAndIsAnExitCode() throws Exception {
        Process child = start("fail");
        try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.lines()).startsWith("started [fail]", "java.lang.IllegalStateException: port 7 is taken");
            assertThat(child.waitFor()).isEqualTo(1);
        } finally {
            child.destroyForcibly();
        }
    }
}
