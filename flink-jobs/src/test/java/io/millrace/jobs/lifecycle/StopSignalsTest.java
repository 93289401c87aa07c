package io.millrace.jobs.lifecycle;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Signals are sent to a process of its own, which ends by them if they are not taken. */
@Timeout(60)
class StopSignalsTest {

    /** Says when it has taken the signals and when one has come; with "again" it waits for another. */
    static final class Taker {
        private Taker() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (StopSignals signals = StopSignals.take()) {
                System.out.println("taken " + signals.asked());
                System.out.println("came " + signals.await(60_000) + " " + signals.asked());
                if (arguments.length > 0) {
                    TimeUnit.SECONDS.sleep(60);
                }
            }
            System.exit(7);
        }
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Taker.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aSignalIsToldOfAndDoesNotEndTheProcess() throws Exception {
        Process process = start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("taken false");
            process.toHandle().destroy();
            assertThat(said.readLine()).isEqualTo("came true true");
            assertThat(process.waitFor()).as("its own exit code").isEqualTo(7);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theSecondOneEndsTheProcessAtOnce() throws Exception {
        Process process = start("again");
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("taken false");
            process.toHandle().destroy();
            assertThat(said.readLine()).isEqualTo("came true true");
            process.toHandle().destroy();
            assertThat(process.waitFor()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }
}
